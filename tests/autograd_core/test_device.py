"""Code written for several devices runs on the one there is, and asking for another says so."""

import tomllib
from pathlib import Path

import numpy as np
import pytest

import autograd_core as ag


def test_course_code_runs():
    device = ag.device("cuda" if ag.cuda.is_available() else "cpu")
    x = ag.randn(2, 3, device=device).to(device)
    y = ag.tensor([1.0], device="cpu").to(device, np.float64).cpu()
    assert x.device == y.device == device == ag.device("cpu")
    assert x.to(device) is x
    assert ag.cuda.device_count() == 0
    assert (str(device), repr(device), device.type, device.index) == ("cpu", "device(type='cpu')", "cpu", None)
    ag.cuda.empty_cache()
    ag.cuda.manual_seed_all(0)
    first = ag.rand(2).tolist()
    ag.manual_seed(0)
    assert ag.rand(2).tolist() == first


def test_course_code_that_asks_for_anything_quicker_runs():
    found = (ag.backends.mps.is_available(), ag.backends.cudnn.is_available(), ag.accelerator.is_available())
    assert found == (False, False, False)
    assert ag.accelerator.current_accelerator() is None
    ag.backends.cudnn.deterministic, ag.backends.cudnn.benchmark = True, False
    assert not ag.ones(1).is_cuda
    assert ag.finfo(ag.float32).eps == np.finfo(np.float32).eps


def test_the_version_is_that_of_the_package():
    project = tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text(encoding="utf-8"))
    assert ag.__version__ == project["project"]["version"]


def test_devices_compare_by_type_and_number():
    assert ag.device("cuda:1") == ag.device("cuda", 1) != ag.device("cuda")
    assert len({ag.device("cpu"), ag.device("cpu")}) == 1
    assert str(ag.device("cuda:1")) == "cuda:1"
    assert repr(ag.device("cuda:1")) == "device(type='cuda', index=1)"
    assert ag.device(ag.device("cuda:1")) == ag.device("cuda:1")


@pytest.mark.parametrize("name", ["gpu", "cuda:x", "cuda:", "", "cpu:-1"])
def test_what_is_no_device(name):
    with pytest.raises(ValueError, match="a device is one of cpu, cuda"):
        ag.device(name)


@pytest.mark.parametrize(
    "call",
    [
        lambda: ag.zeros(2, device="cuda"),
        lambda: ag.ones(2, device="mps"),
        lambda: ag.empty(2, device="cuda:0"),
        lambda: ag.full((2,), 1.0, device=ag.device("cuda")),
        lambda: ag.eye(2, device="cuda"),
        lambda: ag.arange(2, device="cuda"),
        lambda: ag.linspace(0, 1, 3, device="cuda"),
        lambda: ag.logspace(0, 1, 3, device="cuda"),
        lambda: ag.zeros_like(ag.ones(2), device="cuda"),
        lambda: ag.full_like(ag.ones(2), 1, device="cuda"),
        lambda: ag.tensor([1.0], device="cuda"),
        lambda: ag.as_tensor([1.0], device="cuda"),
        lambda: ag.rand(2, device="cuda"),
        lambda: ag.randn(2, device="cuda"),
        lambda: ag.randint(2, (2,), device="cuda"),
        lambda: ag.randperm(2, device="cuda"),
        lambda: ag.normal(0.0, 1.0, (2,), device="cuda"),
        lambda: ag.ones(2).new_zeros(2, device="cuda"),
        lambda: ag.ones(2).new_tensor([1.0], device="cuda"),
        lambda: ag.ones(2).to("cuda"),
        lambda: ag.ones(2).to(ag.device("cuda")),
        lambda: ag.ones(2).to(device="cuda"),
        lambda: ag.ones(2).cuda(),
    ],
)
def test_a_device_that_is_not_there_is_named(call):
    with pytest.raises(ValueError, match=r"there is no device '(cuda|mps).* ag.cuda.is_available\(\)"):
        call()
