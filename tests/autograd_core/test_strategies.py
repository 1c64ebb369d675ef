"""The strategies give what they promise, all of it, and nothing else."""

import subprocess
import sys

import numpy as np
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

import autograd_core as ag
from autograd_core.rules import NONZERO, POSITIVE, REAL, TABLE, Domain
from autograd_core.testing import strategies
from autograd_core.testing.layouts import LAYOUTS
from autograd_core.testing.values import values

DOMAINS = [
    REAL,
    POSITIVE,
    NONZERO,
    Domain(-1.0, 1.0),
    Domain(high=-2.0),
    Domain(0.0, 0.01),
    Domain(5.0, kinks=(6.0,)),
    Domain(-100.0, 100.0),
]
DOMAINS += [Domain(-1.5, 1.5), Domain(kinks=tuple(range(-50, 51)))]


def drawn(strategy, count=400):
    """Many values of a strategy, without shrinking any."""
    found = []

    @settings(max_examples=count, database=None, derandomize=True, phases=[Phase.generate])
    @given(strategy)
    def collect(value):
        found.append(value)

    collect()
    return found


class TestValues:
    @pytest.mark.parametrize("domain", DOMAINS, ids=str)
    @pytest.mark.parametrize("dtype", [np.float32, np.float64])
    def test_they_keep_away_from_bounds_and_kinks(self, domain, dtype):
        found = values(domain, dtype)
        assert len(set(found.tolist())) == len(found) > 20
        assert found.dtype == dtype
        distance = 0.09 * min(1.0, domain.high - domain.low)
        assert (found > domain.low + distance).all()
        assert (found < domain.high - distance).all()
        for kink in domain.kinks:
            assert (np.abs(found - kink) > 0.09).all()

    def test_every_domain_in_the_table_has_room(self):
        for op in TABLE.values():
            for domain in op.domains:
                assert len(values(domain)) > 20

    def test_places_never_tie(self):
        seen = [set(values(REAL, place=place).tolist()) for place in range(4)]
        assert len(set.union(*seen)) == sum(map(len, seen))

    def test_a_domain_without_room(self):
        with pytest.raises(ValueError, match="no values"):
            values(Domain(0.0, 1.0, kinks=tuple(np.linspace(0, 1, 50))))


class TestShapes:
    @given(strategies.shapes(3, 4))
    def test_within_bounds(self, shape):
        assert len(shape) <= 3
        assert all(0 <= side <= 4 for side in shape)

    @given(st.integers(1, 4).flatmap(lambda n: st.tuples(st.just(n), strategies.broadcastable_shapes(n))))
    def test_broadcastable(self, case):
        count, shapes = case
        assert len(shapes) == count
        np.broadcast_shapes(*shapes)

    def test_all_kinds_occur(self):
        assert {(), (0,), (1,), (2, 3), (3, 1), (0, 2), (2, 2)} <= set(drawn(strategies.shapes(2, 3)))

    def test_all_kinds_of_pairs_occur(self):
        pairs = drawn(strategies.broadcastable_shapes(2))
        kinds = {
            "equal matrices": lambda a, b: a == b and len(a) == 2 and min(a) > 1,
            "a number and an array": lambda a, b: a == () and len(b) > 0,
            "fewer axes": lambda a, b: 0 < len(a) < len(b),
            "one is stretched": lambda a, b: len(a) == len(b) and a != b and np.broadcast_shapes(a, b) == a,
            "both are stretched": lambda a, b: np.broadcast_shapes(a, b) not in (a, b),
            "empty": lambda a, b: 0 in a and 0 in b,
        }
        for kind, holds in kinds.items():
            assert any(holds(a, b) or holds(b, a) for a, b in pairs), kind


class TestArrays:
    @pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64, np.int64, np.uint8, np.bool_])
    def test_dtype_and_shape(self, dtype):
        @given(strategies.arrays((2, 3), dtype))
        def check(array):
            assert array.shape == (2, 3)
            assert array.dtype == dtype

        check()

    @given(strategies.arrays(domain=POSITIVE))
    def test_domain(self, array):
        assert (np.asarray(array) > 0.05).all()

    @given(strategies.arrays(strategies.shapes(2, 3), distinct=True))
    def test_distinct(self, array):
        assert len(set(np.ravel(array).tolist())) == np.size(array)

    def test_all_layouts_occur(self):
        arrays = drawn(strategies.arrays())
        kinds = {
            "number": lambda a: np.ndim(a) == 0 and isinstance(a, np.generic),
            "empty": lambda a: np.size(a) == 0,
            "Fortran": lambda a: np.ndim(a) == 2 and not a.flags.c_contiguous and a.flags.f_contiguous,
            "negative": lambda a: np.ndim(a) > 0 and a.size > 1 and min(a.strides) < 0,
            "zero": lambda a: np.ndim(a) > 0 and a.size > 1 and 0 in a.strides,
            "read-only": lambda a: np.ndim(a) > 0 and not a.flags.writeable,
            "gaps": lambda a: np.ndim(a) > 0 and a.size > 1 and min(a.strides) > a.itemsize,
            "unaligned": lambda a: np.ndim(a) > 0 and not a.flags.aligned,
            "varied": lambda a: np.ndim(a) > 1 and len(np.unique(a)) > 3,
        }
        for kind, holds in kinds.items():
            assert any(map(holds, arrays)), kind

    @pytest.mark.parametrize("name", LAYOUTS)
    @pytest.mark.parametrize("shape", [(3,), (2, 3), (0,), (2, 0, 3), (1, 1)])
    def test_layouts_keep_values(self, name, shape):
        array = np.arange(float(np.prod(shape))).reshape(shape)
        laid = LAYOUTS[name](array)
        assert laid.shape == shape
        assert laid.dtype == array.dtype
        if name == "zero strides":
            array = np.broadcast_to(array[..., :1], shape)
        np.testing.assert_array_equal(laid, array)

    @given(strategies.tensors(dtype=np.float32, requires_grad=True))
    def test_tensors(self, t):
        assert isinstance(t, ag.Tensor)
        assert t.is_leaf
        assert t.requires_grad
        assert t.dtype == np.float32
        (t * t).sum().backward()
        assert t.grad.shape == t.shape

    @given(strategies.tensors((2, 2), np.int64))
    def test_integer_tensors(self, t):
        assert (t.shape, t.dtype, t.requires_grad) == ((2, 2), np.int64, False)


def test_without_hypothesis_the_rest_works_and_the_message_says_what_to_install():
    script = """
import sys
sys.modules["hypothesis"] = None
from autograd_core.rules import elementwise
from autograd_core.testing import check_grads, laws
import autograd_core as ag, numpy as np
check_grads(ag.sin, (1.0,))
laws.check(lambda x: x * x, [((np.ones(2),), {})])
try:
    import autograd_core.testing.strategies
except ImportError as error:
    assert "autograd-core[dev]" in str(error), error
else:
    raise SystemExit("imported")
"""
    subprocess.run([sys.executable, "-c", script], check=True)


def test_importing_the_core_does_not_import_the_tools():
    script = """
import sys, autograd_core
sys.exit(any(name.startswith(("hypothesis", "autograd_core.testing")) for name in sys.modules))
"""
    subprocess.run([sys.executable, "-c", script], check=True)
