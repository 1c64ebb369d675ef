"""Products of matrices, einsum, linear equations, determinants, decompositions, functions of matrices."""

import itertools
import math

import numpy as np
import pytest

import autograd_core as ag
from autograd_core.ops.einsum import _path
from autograd_core.ops.matrices import lapack
from autograd_core.ops.powers import _cuts
from autograd_core.testing import check_grads, laws

RNG = np.random.default_rng


def normal(*shape, seed=0):
    return RNG(seed).standard_normal(shape)


def positive(*shape, seed=0):
    x = normal(*shape, seed=seed)
    return x @ np.swapaxes(x, -1, -2) + np.eye(shape[-1])


def run(function, reference, *inputs, **params):
    laws.check(function, [(inputs, params)], reference=lapack(reference))


def close(found, expected, rtol=1e-10):
    np.testing.assert_allclose(np.asarray(ag.as_tensor(found).detach()), expected, rtol=rtol, atol=1e-12)


# Products

PRODUCTS = {
    "mm": (ag.mm, np.matmul, (2, 3), (3, 4)),
    "mv": (ag.mv, np.matmul, (2, 3), (3,)),
    "bmm": (ag.bmm, np.matmul, (2, 2, 3), (2, 3, 2)),
    "dot": (ag.dot, np.dot, (3,), (3,)),
    "vdot": (ag.vdot, np.vdot, (3,), (3,)),
    "inner": (ag.inner, np.inner, (2, 3), (2, 2, 3)),
    "inner of a number": (ag.inner, np.inner, (), (2, 3)),
    "outer": (ag.outer, np.outer, (2,), (3,)),
    "vecdot": (ag.linalg.vecdot, np.vecdot, (2, 3), (2, 1, 3)),
    "kron": (ag.kron, np.kron, (2, 3), (2, 1, 2)),
    "kron of a number": (ag.kron, np.kron, (), (2, 2)),
    "cross": (ag.cross, np.cross, (2, 3), (2, 3)),
    "cross, broadcast": (ag.linalg.cross, np.cross, (2, 1, 3), (1, 2, 3)),
    "cross of the first axis": (ag.cross, lambda a, b: np.cross(a, b, axis=0), (3, 2), (3, 2)),
    "tensordot": (ag.tensordot, np.tensordot, (2, 3, 2), (3, 2, 2)),
    "tensordot of nothing": (lambda a, b: ag.tensordot(a, b, 0), lambda a, b: np.tensordot(a, b, 0), (2,), (2, 2)),
    "tensordot over lists": (
        lambda a, b: ag.tensordot(a, b, ([0, -1], [1, 0])),
        lambda a, b: np.tensordot(a, b, ([0, -1], [1, 0])),
        (2, 3, 2),
        (2, 2, 3),
    ),
}


@pytest.mark.parametrize("name", PRODUCTS)
def test_products(name):
    function, reference, left, right = PRODUCTS[name]
    run(function, reference, normal(*left), normal(*right, seed=1))


def test_products_of_whole_numbers_stay_whole():
    a, b = ag.tensor([[1, 2], [3, 4]]), ag.tensor([1, 2])
    for y in (a.mm(a), a.mv(b), b.dot(b), b.outer(b), a.kron(a), ag.einsum("ij,j->i", a, b), ag.addmv(b, a, b)):
        assert y.dtype == np.int64
    assert a.mv(b).tolist() == [5, 11]


ADDED = {
    "addmm": (ag.addmm, (2, 3), (3, 2), lambda a, b: a @ b),
    "addmv": (ag.addmv, (2, 3), (3,), lambda a, b: a @ b),
    "addr": (ag.addr, (2,), (3,), np.outer),
    "baddbmm": (ag.baddbmm, (2, 2, 3), (2, 3, 2), lambda a, b: a @ b),
    "addbmm": (ag.addbmm, (2, 2, 3), (2, 3, 2), lambda a, b: (a @ b).sum(0)),
}


@pytest.mark.parametrize("name", ADDED)
@pytest.mark.parametrize("factors", [{}, {"beta": 0.5, "alpha": 2.0}], ids=str)
def test_added_products(name, factors):
    function, left, right, product = ADDED[name]
    a, b = normal(*left), normal(*right, seed=1)
    full = normal(*product(a, b).shape, seed=2)
    beta, alpha = factors.get("beta", 1), factors.get("alpha", 1)
    run(lambda *xs: function(*xs, **factors), lambda x, a, b: beta * x + alpha * product(a, b), full, a, b)
    for x in (full[..., :1], full.ravel()[0]):
        close(function(x, a, b, **factors), beta * x + alpha * product(a, b))
        check_grads(lambda *xs: function(*xs, **factors), (x, a, b))


@pytest.mark.parametrize("name", ADDED)
def test_added_products_leave_out_and_change_in_place(name):
    function, left, right, product = ADDED[name]
    a, b = normal(*left), normal(*right, seed=1)
    nothing = np.full(product(a, b).shape, np.nan)
    close(function(ag.tensor(nothing), a, b, beta=0), product(a, b))
    x = ag.tensor(np.zeros(product(a, b).shape))
    assert getattr(x, f"{name}_")(ag.tensor(a), ag.tensor(b)) is x
    close(x, product(a, b))


def test_fractions_of_whole_products_are_refused():
    with pytest.raises(TypeError, match=r"addmm of integers needs whole factors, got beta=0.5"):
        ag.addmm(ag.tensor([[1]]), ag.tensor([[1]]), ag.tensor([[1]]), beta=0.5)


# Einsum

LENGTHS = dict(zip("abcdefijklmn", [2, 3, 4, 2, 3, 2, 3, 4, 2, 3, 3, 2], strict=True))
EQUATIONS = (
    """
    ij,jk | ij,jk->ki | bij,bjk->bik | bij,bkj->bki | i,j->ij | i,i-> | i,i->i | ij->ji | ii | ii->i | iij->j | ijk-> |
    ij,ij-> | ijk,jl,kl->il | i,i,i->i | ab,bc,cd->ad | ab,bc,cd,de,ef->af | ab,a,b-> | bn,anm,bm->ba | iji,j->i |
    a,b,c->cab | ab,cb-> | aab,bcc->ac | ij,kj,i,k->j | ,ij-> | ->
""".replace("\n", "")
    .replace(" ", "")
    .split("|")
)


@pytest.mark.parametrize("equation", EQUATIONS)
def test_einsum(equation):
    terms = equation.split("->")[0].split(",")
    inputs = [normal(*(LENGTHS[letter] for letter in term), seed=i) for i, term in enumerate(terms)]
    inputs = [np.asarray(x)[()] for x in inputs]
    y = ag.einsum(equation, *inputs)
    close(y, np.einsum(equation, *inputs))
    assert isinstance(np.einsum(equation, *map(ag.tensor, inputs)), ag.Tensor)
    check_grads(lambda *xs: ag.einsum(equation, *xs), inputs, 2 if len(inputs) < 4 else 1)


@pytest.mark.parametrize(
    ("equation", "shapes"),
    [
        ("...ij,...jk->...ik", [(2, 3, 2), (2, 1, 2, 3)]),
        ("...ij,jk", [(2, 3, 2), (2, 3)]),
        ("i...,i...->...", [(2, 3), (2, 1)]),
        ("...,...", [(3,), (2, 1)]),
        ("...i->...", [(2, 3, 2)]),
        ("...ii->i...", [(2, 3, 3)]),
        ("ij,ij->i", [(2, 1), (1, 3)]),
        ("ij,jk->ik", [(2, 3), (1, 2)]),
        ("i,ij->j", [(0,), (0, 2)]),
        ("ij,jk->ik", [(2, 0), (0, 3)]),
    ],
)
def test_einsum_broadcasts(equation, shapes):
    inputs = [normal(*shape, seed=i) for i, shape in enumerate(shapes)]
    run(lambda *xs: ag.einsum(equation, *xs), lambda *xs: np.einsum(equation, *xs), *inputs)


def test_einsum_sums_what_the_dots_stand_for():
    x = normal(2, 3)
    close(ag.einsum("i...->i", x), x.sum(1))


def test_einsum_with_numbers_for_letters():
    a, b = normal(2, 3), normal(3, 2, seed=1)
    close(ag.einsum(a, [0, 1], b, [1, 2], [0, 2]), a @ b)
    close(ag.einsum(a, [..., 1], b, [1, ...]), np.einsum("...B,B...", a, b))
    close(ag.einsum("ij,jk", [a, b]), a @ b)


@pytest.mark.parametrize("seed", range(4))
def test_einsum_needs_the_fewest_multiplications(seed):
    terms = ("ab", "bc", "cda", "de")
    lengths = dict(zip("abcde", RNG(seed).integers(1, 40, 5).tolist(), strict=True))

    def multiplications(pairs):
        current, total = list(terms), 0
        for i, j in pairs:
            right, left = current.pop(j), current.pop(i)
            total += math.prod(lengths[x] for x in set(left + right))
            current.append("".join(x for x in set(left + right) if x in "".join(current) + "e"))
        return total

    steps = [itertools.combinations(range(count), 2) for count in (4, 3, 2)]
    least = min(map(multiplications, itertools.product(*steps)))
    assert multiplications(_path(terms, "e", tuple(tuple(lengths[x] for x in term) for term in terms))) == least


@pytest.mark.parametrize(
    ("equation", "shapes", "message"),
    [
        ("ij,jk", [(2, 3)], "is for 2 operands, got 1"),
        ("ij", [(2, 3, 4)], "names 2 axes for an operand that has 3"),
        ("ijk", [(2, 3)], "names 3 axes for an operand that has 2"),
        ("ij,jk", [(2, 3), (4, 2)], "as long"),
        ("ii", [(2, 3)], "as long"),
        ("ij->ii", [(2, 3)], "once"),
        ("ij->k", [(2, 3)], "in an operand"),
        ("i1", [(2, 3)], "letters"),
        ("......", [(2, 3)], "one '...'"),
    ],
)
def test_einsum_says_what_is_wrong(equation, shapes, message):
    with pytest.raises(ValueError, match=message):
        ag.einsum(equation, *map(ag.ones, shapes))


# Linear equations

WIDE, TALL, SQUARE = normal(2, 3), normal(3, 2, seed=1), normal(3, 3, seed=2)
BATCH = normal(2, 3, 3, seed=3)


@pytest.mark.parametrize("a", [SQUARE, BATCH, np.zeros((0, 3, 3)), np.zeros((0, 0))], ids=np.shape)
def test_inverses(a):
    run(ag.linalg.inv, np.linalg.inv, a)


@pytest.mark.parametrize(("a", "b"), [(SQUARE, normal(3)), (BATCH, normal(2, 3)), (BATCH, normal(3, 2))], ids=np.shape)
def test_solutions(a, b):
    right = b[..., None] if b.shape in (a.shape[-1:], a.shape[:-1]) else b
    found = np.linalg.solve(a, right)
    close(ag.linalg.solve(a, b), found if right is b else found[..., 0])
    check_grads(ag.linalg.solve, (a, b), 2)


def test_solutions_from_the_right():
    close(ag.linalg.solve(SQUARE, WIDE, left=False) @ SQUARE, WIDE)
    check_grads(lambda a, b: ag.linalg.solve(a, b, left=False), (SQUARE, WIDE), 2)


@pytest.mark.parametrize("upper", [False, True])
@pytest.mark.parametrize("left", [False, True])
@pytest.mark.parametrize("unitriangular", [False, True])
def test_triangular_solutions(upper, left, unitriangular):
    a, b = SQUARE + 3 * np.eye(3), TALL if left else WIDE
    triangle = np.triu(a) if upper else np.tril(a)
    if unitriangular:
        np.fill_diagonal(triangle, 1)
    options = {"upper": upper, "left": left, "unitriangular": unitriangular}
    x = ag.linalg.solve_triangular(a, b, **options)
    close(triangle @ x.numpy() if left else x.numpy() @ triangle, b)
    check_grads(lambda a, b: ag.linalg.solve_triangular(a, b, **options), (a, b), 2)


@pytest.mark.parametrize("a", [TALL, WIDE, SQUARE, normal(2, 3, 2), np.zeros((3, 0))], ids=np.shape)
def test_pseudoinverses(a):
    run(ag.linalg.pinv, np.linalg.pinv, a)


def test_pseudoinverses_of_given_rank():
    """The derivative holds among the matrices of the same rank."""
    x, y = normal(3, 1), normal(1, 3, seed=1)
    close(ag.linalg.pinv(x @ y), np.linalg.pinv(x @ y))
    check_grads(lambda x, y: ag.linalg.pinv(x @ y), (x, y), 2)
    a = np.diag([4.0, 1.0, 0.1])
    close(ag.linalg.pinv(a, atol=0.5), np.diag([0.25, 1, 0]))
    close(ag.linalg.pinv(a, rtol=ag.tensor(0.5)), np.diag([0.25, 0, 0]))
    close(ag.linalg.pinv(np.stack([a, a]), rtol=np.array([0.5, 0.01])), [np.diag([0.25, 0, 0]), np.diag([0.25, 1, 10])])
    assert ag.linalg.matrix_rank(a, atol=0.5).item() == 2
    assert ag.linalg.matrix_rank(np.stack([a, a]), rtol=np.array([0.5, 0.01])).tolist() == [1, 3]


@pytest.mark.parametrize("a", [TALL, WIDE, np.outer(TALL[:, 0], WIDE[0])], ids=["tall", "wide", "of rank 1"])
def test_least_squares(a):
    b = normal(len(a), 2, seed=5)
    found, expected = ag.linalg.lstsq(a, b, driver="gelsd"), np.linalg.lstsq(a, b, rcond=None)
    close(found.solution, expected[0])
    close(found.residuals, expected[1].reshape(found.residuals.shape))
    assert found.rank.item() == expected[2]
    close(found.singular_values, expected[3])
    if np.linalg.matrix_rank(a) == min(a.shape):
        check_grads(lambda a, b: ag.linalg.lstsq(a, b, driver="gels")[:2], (a, b), 2)
    close(ag.linalg.lstsq(a, b[:, 0]).solution, expected[0][:, 0])


def test_equations_of_tensors():
    a, b = normal(2, 3, 6), normal(2, 3, seed=1)
    close(ag.linalg.tensorsolve(a, b), np.linalg.tensorsolve(a, b))
    close(ag.linalg.tensorsolve(a.transpose(2, 0, 1), b, dims=(0,)), np.linalg.tensorsolve(a, b))
    close(ag.linalg.tensorinv(a, ind=2), np.linalg.tensorinv(a, ind=2))
    check_grads(ag.linalg.tensorsolve, (a, b))


# Determinants


@pytest.mark.parametrize("a", [SQUARE, BATCH, np.zeros((0, 0)), np.array([[-2.0]])], ids=np.shape)
def test_determinants(a):
    run(ag.det, np.linalg.det, a)
    sign, logabsdet = ag.slogdet(a)
    close(sign * ag.exp(logabsdet), np.linalg.det(a))
    check_grads(lambda a: ag.slogdet(a).logabsdet, (a,), 2)


@pytest.mark.parametrize(
    "a",
    [
        np.outer([1.0, 2, 3], [3.0, 1, 1]),
        np.diag([1.0, 2, 0]),
        np.zeros((3, 3)),
        np.zeros((2, 2)),
        np.diag([3.0, 0, 0, 2]),
    ],
    ids=["of rank 1", "of rank 2", "0", "0 of 2", "of rank 2 of 4"],
)
def test_determinants_of_singular_matrices_have_derivatives(a):
    check_grads(ag.det, (a,), 2)


def test_third_derivatives_of_determinants():
    def change(x):
        return (ag.grad(ag.det)(x) ** 2).sum()

    check_grads(change, (SQUARE,), 2)


def test_logarithms_of_determinants():
    close(ag.logdet(positive(3, 3)), np.log(np.linalg.det(positive(3, 3))))
    assert ag.logdet(ag.tensor([[[0.0, 1.0], [1.0, 0.0]], [[0.0, 0.0], [0.0, 0.0]]])).tolist()[1] == -np.inf
    assert math.isnan(ag.logdet(ag.tensor([[0.0, 1.0], [1.0, 0.0]])).item())
    check_grads(ag.logdet, (positive(2, 3, 3),), 2)


# Decompositions


def of_symmetric(function):
    """A function of symmetric matrices as one of all matrices, to differentiate."""
    return lambda x: function((x + x.mT) / 2)


@pytest.mark.parametrize("upper", [False, True])
def test_cholesky(upper):
    a = positive(2, 2, 2)
    factor = np.linalg.cholesky(a)
    close(ag.linalg.cholesky(a, upper=upper), np.swapaxes(factor, -1, -2) if upper else factor)
    check_grads(of_symmetric(lambda x: ag.linalg.cholesky(x, upper=upper)), (a,), 2)


@pytest.mark.parametrize("triangle", [np.tril, np.triu])
def test_one_triangle_is_enough(triangle):
    """The gradient goes to that triangle."""
    a, upper = positive(2, 2), triangle is np.triu
    given = triangle(a)
    close(ag.linalg.cholesky(given, upper=upper), np.linalg.cholesky(a).T if upper else np.linalg.cholesky(a))
    close(ag.linalg.eigvalsh(given, "U" if upper else "L"), np.linalg.eigvalsh(a))
    check_grads(lambda x: ag.linalg.cholesky(x, upper=upper), (given,), 2)
    check_grads(lambda x: ag.linalg.eigvalsh(x, "U" if upper else "L"), (given,), 2)


@pytest.mark.parametrize("shape", [(3, 2), (2, 3), (2, 2), (2, 2, 1), (0, 2), (2, 0)], ids=str)
@pytest.mark.parametrize("mode", ["reduced", "complete", "r"])
def test_qr(shape, mode):
    a = normal(*shape)
    q, r = ag.linalg.qr(a, mode)
    if mode == "r":
        assert q.shape == (0,)
        close(r, np.linalg.qr(a, "r"))
    else:
        assert (q.shape, r.shape) == tuple(part.shape for part in np.linalg.qr(a, mode))
        close(q @ r, a)
        close(q.mT @ q, np.broadcast_to(np.eye(q.shape[-1]), (*shape[:-2], *q.shape[-1:] * 2)))

    def determined(x):
        q, r = ag.linalg.qr(x, mode)
        rest = q[..., x.shape[-1] :]
        return r if mode == "r" else (q[..., : x.shape[-1]], r, rest @ rest.mT)

    if a.size:
        check_grads(determined, (a,), 2)


@pytest.mark.parametrize("shape", [(3, 2), (2, 3), (2, 2), (2, 1, 2), (0, 2), (2, 0)], ids=str)
@pytest.mark.parametrize("full", [False, True])
def test_svd(shape, full):
    a = normal(*shape)
    u, s, vh = ag.linalg.svd(a, full)
    assert (u.shape, s.shape, vh.shape) == tuple(part.shape for part in np.linalg.svd(a, full))
    count = min(shape[-2:])
    close((u[..., :count] * s[..., None, :]) @ vh[..., :count, :], a)
    for q in (u, vh.mT):
        close(q.mT @ q, np.broadcast_to(np.eye(q.shape[-1]), (*shape[:-2], *q.shape[-1:] * 2)))

    def determined(x):
        u, s, vh = ag.linalg.svd(x, full)
        left, right = u[..., count:], vh[..., count:, :]
        return u[..., :count], s, vh[..., :count, :], left @ left.mT, right.mT @ right

    if a.size:
        check_grads(determined, (a,), 2)


def test_former_names():
    u, s, v = ag.svd(WIDE)
    close((u * s) @ v.mT, WIDE)
    assert ag.svd(WIDE, some=False).V.shape == (3, 3)
    assert not ag.svd(WIDE, compute_uv=False).U.any()
    close(ag.qr(TALL).Q @ ag.qr(TALL).R, TALL)
    close(ag.pinverse(TALL), np.linalg.pinv(TALL))
    close(ag.chain_matmul(TALL, WIDE, SQUARE), TALL @ WIDE @ SQUARE)
    close(ag.tensor(SQUARE).inverse(), np.linalg.inv(SQUARE))


def test_eigenvectors():
    a = positive(2, 2, 2)
    values, vectors = ag.linalg.eigh(a)
    close(values, np.linalg.eigvalsh(a))
    close((vectors * values[..., None, :]) @ vectors.mT, a)
    check_grads(of_symmetric(ag.linalg.eigh), (a,), 2)


def test_equal_eigenvalues_have_a_gradient_where_the_function_has():
    """e^A by eigenvectors at A = 1: its derivative is e·E, whatever the vectors."""
    x = ag.tensor(np.eye(3), requires_grad=True)
    values, vectors = ag.linalg.eigh(x)
    y = ((vectors * ag.exp(values)[..., None, :]) @ vectors.mT).sum()
    y.backward()
    np.testing.assert_allclose(np.diag(x.grad.numpy()), math.e)


def test_equal_singular_values_have_a_gradient():
    x = ag.tensor(np.eye(3), requires_grad=True)
    ag.linalg.svdvals(x).sum().backward()
    np.testing.assert_allclose(x.grad.numpy(), np.eye(3), atol=1e-12)


# Functions of matrices


@pytest.mark.parametrize("n", range(-3, 8))
def test_powers_of_matrices(n):
    close(ag.matrix_power(BATCH, n), np.linalg.matrix_power(BATCH, n), 1e-8)
    check_grads(lambda x: ag.matrix_power(x, n), (BATCH,), 2)


@pytest.mark.parametrize("size", [1e-9, 0.1, 1.0, 6.0, 40.0])
@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_exponentials_of_matrices(size, dtype):
    linalg = pytest.importorskip("scipy.linalg")
    a = (size * normal(4, 4) / 4).astype(dtype)
    exact = linalg.expm(a.astype(np.float64))
    found = ag.matrix_exp(a).numpy()
    assert found.dtype == dtype
    np.testing.assert_allclose(found, exact, atol=200 * np.finfo(dtype).eps * np.abs(exact).max(), rtol=0)


def test_exponentials_of_matrices_of_all_sizes_at_once():
    a = np.stack([1e-3 * SQUARE, 30 * SQUARE, np.zeros((3, 3))])
    for one, y in zip(a, ag.matrix_exp(a), strict=True):
        close(y, ag.matrix_exp(one).numpy())
    check_grads(ag.matrix_exp, (a[:2] / 30,))


def test_large_gradients_of_exponentials_lose_no_digits():
    x = ag.tensor(SQUARE, requires_grad=True)
    y = ag.matrix_exp(x)
    small, large = (ag.grad(y, x, ag.tensor(np.full((3, 3), s)), retain_graph=True) for s in (1.0, 1e12))
    np.testing.assert_allclose(np.asarray(large[0]) / 1e12, np.asarray(small[0]), rtol=1e-13)


def best_order(sizes):
    """The fewest multiplications for a chain, by trying all orders."""
    if len(sizes) < 3:
        return 0
    ends = sizes[0] * sizes[-1]
    return min(best_order(sizes[: k + 1]) + best_order(sizes[k:]) + ends * sizes[k] for k in range(1, len(sizes) - 1))


@pytest.mark.parametrize("seed", range(5))
def test_chains_need_the_fewest_multiplications(seed):
    sizes = tuple(RNG(seed).integers(1, 30, 6).tolist())
    cuts = _cuts(sizes)

    def cost(i, j):
        if j == i + 1:
            return 0
        return cost(i, cuts[i, j]) + cost(cuts[i, j], j) + sizes[i] * sizes[cuts[i, j]] * sizes[j]

    assert cost(0, len(sizes) - 1) == best_order(sizes)


@pytest.mark.parametrize(
    "shapes", [[(2, 3), (3, 2)], [(3,), (3, 2), (2,)], [(3,), (3,)], [(2, 1), (1, 3), (3, 2), (2,)]]
)
def test_chains(shapes):
    arrays = [normal(*shape, seed=i) for i, shape in enumerate(shapes)]
    run(lambda *xs: ag.linalg.multi_dot(xs), lambda *xs: np.linalg.multi_dot(xs), *arrays)


@pytest.mark.parametrize("n", [None, 0, 1, 4])
def test_vandermonde(n):
    x = np.array([[0.0, 1.5, -2.0]])
    close(ag.linalg.vander(x, n), np.stack([np.vander(row, n, increasing=True) for row in x]))
    if n:
        check_grads(lambda x: ag.linalg.vander(x, n), (x,), 2)


@pytest.mark.parametrize("p", [None, 2, -2, 1, -1, np.inf, -np.inf, "fro", "nuc"])
def test_condition_numbers(p):
    a = normal(2, 2, 2)
    close(ag.linalg.cond(a, p), [np.linalg.cond(one, p) for one in a])
    check_grads(lambda x: ag.linalg.cond(x, p), (a,), 2)


@pytest.mark.parametrize("p", [None, 1, "fro"])
def test_condition_numbers_of_singular_matrices(p):
    a = np.stack([np.eye(2), np.diag([1.0, 0.0])])
    assert ag.linalg.cond(a, p).tolist()[1] == np.inf


@pytest.mark.parametrize("ord", [2, -2, "nuc"])
def test_norms_by_singular_values(ord):
    for a in (TALL, WIDE):
        run(lambda x: ag.linalg.matrix_norm(x, ord), lambda x: np.linalg.norm(x, ord), a)


# Dtypes, errors, PyTorch


@pytest.mark.parametrize(
    "function", [ag.linalg.inv, ag.det, ag.linalg.pinv, ag.linalg.cholesky, ag.linalg.svdvals, ag.matrix_exp]
)
def test_whole_numbers_count_as_floats(function):
    assert function(ag.tensor([[2, 0], [0, 3]])).dtype == np.float32


@pytest.mark.parametrize(
    "call",
    [
        lambda x: ag.einsum("ij,jk->ki", x, x),
        lambda x: ag.linalg.lstsq(x, x, driver="gelsd"),
        lambda x: ag.linalg.svd(x),
        lambda x: ag.linalg.qr(x, "complete"),
        lambda x: ag.slogdet(x),
        lambda x: (ag.linalg.cond(x, 1), ag.linalg.matrix_rank(x), ag.matrix_power(x, -2)),
    ],
)
def test_halves_are_computed_and_stay_halves(call):
    for y in call(ag.tensor([[2.0, 0.5], [0.25, 3.0]], dtype=np.float16)):
        assert y.dtype in (np.float16, np.int64)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: ag.mm(ag.ones(2, 3), ag.ones(2, 3)), r"mm needs \(m, n\) and \(n, p\): got \(2, 3\) and \(2, 3\)"),
        (lambda: ag.mv(ag.ones(2, 3), ag.ones(2)), r"mv needs .*\(2, 3\) and \(2,\)"),
        (lambda: ag.bmm(ag.ones(2, 3), ag.ones(3, 2)), "bmm needs"),
        (lambda: ag.dot(ag.ones(2), ag.ones(3)), "dot needs"),
        (lambda: ag.inner(ag.ones(2), ag.ones(3)), "inner needs"),
        (lambda: ag.outer(ag.ones(2, 2), ag.ones(3)), "outer needs"),
        (lambda: ag.cross(ag.ones(2), ag.ones(2)), "cross needs axis .* of length 3"),
        (
            lambda: ag.addmm(ag.ones(3), ag.ones(2, 2), ag.ones(2, 2)),
            r"addmm needs an input that broadcasts to .*\(2, 2\)",
        ),
        (lambda: ag.tensordot(ag.ones(2), ag.ones(3), 1), r"tensordot .*\(2,\) and \(3,\)"),
        (lambda: ag.tensordot(ag.ones(2), ag.ones(3), 2), "tensordot over 2 axes"),
        (lambda: ag.linalg.inv(ag.ones(2, 3)), r"inv needs square matrices .*\(2, 3\)"),
        (lambda: ag.linalg.inv(ag.zeros(2, 2)), "inv needs invertible matrices: Singular"),
        (lambda: ag.linalg.solve(ag.zeros(2, 2), ag.ones(2)), "solve needs invertible"),
        (lambda: ag.linalg.solve(ag.ones(2, 2), ag.ones(3)), r"solve needs A .*\(2, 2\) and \(3, 1\)"),
        (lambda: ag.linalg.matrix_rank(ag.full((2, 2), np.nan)), "matrix_rank needs finite matrices"),
        (lambda: ag.linalg.cholesky(-ag.eye(2)), "cholesky needs positive definite"),
        (lambda: ag.linalg.eigh(ag.eye(2), "X"), "UPLO='X'"),
        (lambda: ag.linalg.qr(ag.eye(2), "full"), "modes reduced, complete and r, got 'full'"),
        (lambda: ag.linalg.svd(ag.ones(2)), "svd needs matrices"),
        (lambda: ag.matrix_exp(ag.ones(2, 3)), "matrix_exp needs square"),
        (lambda: ag.linalg.multi_dot([ag.ones(2, 2)]), "at least two"),
        (lambda: ag.linalg.multi_dot([ag.ones(2, 2), ag.ones(3, 2)]), "multi_dot needs"),
        (lambda: ag.linalg.cond(ag.eye(2), 3), "got 3"),
        (lambda: ag.linalg.lstsq(ag.ones(2, 2), ag.ones(3, 1)), "lstsq needs"),
        (lambda: ag.linalg.vander(ag.ones(2), -1), "vander needs"),
        (lambda: ag.linalg.tensorinv(ag.ones(2, 3), 1), "tensorinv needs"),
    ],
)
def test_errors_name_the_function_the_shapes_and_the_rule(call, message):
    with pytest.raises(ValueError, match=message):
        call()


SIGNLESS = {
    "svd": lambda lib, a: [part * part for part in lib.linalg.svd(a, full_matrices=False)],
    "eigh": lambda lib, a: [part * part for part in lib.linalg.eigh(a @ a.mT)],
    "eigvalsh": lambda lib, a: [lib.linalg.eigvalsh(a @ a.mT, UPLO="U")],
    "cholesky": lambda lib, a: [lib.linalg.cholesky(a @ a.mT, upper=True)],
    "multi_dot": lambda lib, a: [lib.linalg.multi_dot([a, a.mT, a]), lib.linalg.multi_dot([a[0], a.mT, a[:, 0]])],
    "tensorinv": lambda lib, a: [lib.linalg.tensorinv((a @ a.mT).reshape(1, 2, 2), ind=2)],
    "methods": lambda lib, a: [(a @ a.mT).det(), (a @ a.mT).inverse(), (a @ a.mT).logdet(), *(a @ a.mT).slogdet()],
    "more methods": lambda lib, a: [a.pinverse(), a.mm(a.mT).matrix_exp(), a[0].ger(a[1])],
}


@pytest.mark.peers
@pytest.mark.parametrize("name", SIGNLESS)
def test_as_pytorch_up_to_signs(name):
    torch = pytest.importorskip("torch")
    a = normal(2, 3)
    x, t = ag.tensor(a, requires_grad=True), torch.tensor(a, requires_grad=True)
    found, right = SIGNLESS[name](ag, x), SIGNLESS[name](torch, t)
    for y, expected in zip(found, right, strict=True):
        close(y, expected.detach().numpy())
    sum((y * y).sum() for y in found).backward()
    sum((y * y).sum() for y in right).backward()
    close(x.grad, t.grad.numpy(), 1e-8)
