"""The study file: what is wrong in it is named with its line, what was expected, and the nearest valid name."""

import tomllib
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tracekd.errors import UserError
from tracekd.regimes import regime_names
from tracekd.students.student import PRESETS, Lora, Student
from tracekd.study.config import Sizes, Study, TaskSource, embedded_studies, load_study
from tracekd.study.resolved import resolved_toml
from tracekd.tasks.babi.families import LABELS

GOOD = """\
name = "mine"
data_seed = 5
seeds = [0, 1]
regimes = ["answer_only", "correct"]

[sizes]
train = 100
validation = 10
test = 20

[task]
name = "babi"
source = "world"
classes = ["single-supporting-fact", "basic-deduction"]
questions = 50

[[students]]
name = "small"
steps = 7

[[students]]
name = "other"
seconds = 2.5
"""


CLASSES = 'classes = ["single-supporting-fact", "basic-deduction"]\n'


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "study.toml"


def load(file: Path, text: str, *overrides: str) -> Study:
    file.write_text(text, encoding="utf-8", newline="\n")
    return load_study(str(file), overrides)


def refused(file: Path, text: str, *overrides: str) -> UserError:
    with pytest.raises(UserError) as caught:
        load(file, text, *overrides)
    return caught.value


def line(text: str) -> int:
    """The line of GOOD that holds this text."""
    return next(i for i, content in enumerate(GOOD.splitlines(), start=1) if content.startswith(text))


def test_a_good_file_is_read(file: Path) -> None:
    study = load(file, GOOD)
    assert (study.name, study.data_seed, study.seeds) == ("mine", 5, (0, 1))
    assert study.sizes == Sizes(train=100, validation=10, test=20)
    assert study.students[0] == Student(name="small", steps=7)
    assert study.students[1].seconds == 2.5
    assert study.task.classes == ("single-supporting-fact", "basic-deduction")


@pytest.mark.parametrize(
    ("old", "new", "key", "near"),
    [
        ("data_seed", "data_sed", "data_sed", "data_seed"),
        ("seeds", "sedes", "sedes", "seeds"),
        ("train", "trian", "trian", "train"),
        ("questions", "qestions", "qestions", "questions"),
        ("steps", "step", "step", "steps"),
        ("seconds", "second", "second", "seconds"),
    ],
)
def test_an_unknown_key_is_named_with_its_line_and_the_nearest(
    file: Path, old: str, new: str, key: str, near: str
) -> None:
    error = refused(file, GOOD.replace(f"\n{old} =", f"\n{new} ="))
    assert error.problem == f"unknown key {key!r}"
    assert error.where == f"{file}:{line(f'{old} =')}"
    assert error.next_step == f"did you mean {near!r}?"
    assert near in (error.expected or "").removeprefix("one of ").split(", ")


def test_an_unknown_table_is_named(file: Path) -> None:
    error = refused(file, GOOD.replace("[sizes]", "[size]"))
    assert (error.problem, error.where) == ("unknown key 'size'", f"{file}:{line('[sizes]')}")
    assert error.next_step == "did you mean 'sizes'?"


def test_a_key_like_nothing_has_no_nearest(file: Path) -> None:
    error = refused(file, "zzzzqqqq = 1\n" + GOOD)
    assert (error.where, error.next_step) == (f"{file}:1", None)


@pytest.mark.parametrize(
    ("old", "new", "problem", "near", "at"),
    [
        ('"correct"', '"corect"', "there is no regime 'corect'", "correct", "regimes"),
        ('"babi"', '"baby"', "there is no task 'baby'", "babi", 'name = "babi"'),
        (
            '"single-supporting-fact"',
            '"single-suporting-fact"',
            "there is no class of babi 'single-suporting-fact'",
            "single-supporting-fact",
            "classes",
        ),
    ],
)
def test_an_unknown_name_is_named_with_its_line_and_the_nearest(
    file: Path, old: str, new: str, problem: str, near: str, at: str
) -> None:
    error = refused(file, GOOD.replace(old, new))
    assert error.problem == problem
    assert error.where == f"{file}:{line(at)}"
    assert error.next_step == f"did you mean {near!r}?"
    assert near in (error.expected or "")


def test_only_regimes_of_the_study_are_crossed(file: Path) -> None:
    text = GOOD.replace("[sizes]", 'conditions = ["cross(CROSSED)"]\n\n[sizes]')
    assert load(file, text.replace("CROSSED", "correct")).conditions == ("own", "cross(correct)")
    error = refused(file, text.replace("CROSSED", "incorrect"))
    assert error.problem == "there is no regime of this study 'incorrect'"
    assert (error.where, error.next_step) == (f"{file}:{line('[sizes]')}", "did you mean 'correct'?")
    assert refused(file, text.replace("CROSSED", "corect")).next_step == "did you mean 'correct'?"


def test_the_valid_names_are_listed(file: Path) -> None:
    assert (refused(file, GOOD.replace('"correct"', '"x"')).expected or "") == f"one of {', '.join(regime_names())}"


@pytest.mark.parametrize("label", LABELS)
def test_the_world_makes_every_class(file: Path, label: str) -> None:
    assert label in load(file, GOOD.replace('"basic-deduction"', f'"{label}"')).task.classes


def test_a_task_without_a_world_needs_a_source(file: Path) -> None:
    text = GOOD.replace('name = "babi"', 'name = "musique"').replace(CLASSES, "")
    assert "no world that makes musique" in refused(file, text).problem
    assert load(file, text.replace('source = "world"', 'source = "somewhere"')).task.name == "musique"


@pytest.mark.parametrize(
    ("dials", "said"),
    [
        ("{ qestions = 3 }", ["there is no dial 'qestions'", "did you mean 'questions'?"]),
        ("{ questions = 0 }", ["questions", "single-supporting-fact"]),
        ("{ kinds = 'many' }", ["kinds", "basic-deduction"]),
    ],
)
def test_dials_are_those_of_the_classes_and_within_their_bounds(file: Path, dials: str, said: list[str]) -> None:
    error = str(refused(file, GOOD.replace("questions = 50", f"dials = {dials}")))
    assert all(part in error for part in said), error


def test_dials_are_read_and_may_be_set_one_by_one(file: Path) -> None:
    study = load(file, GOOD.replace("questions = 50", "dials = { questions = 3 }"), "task.dials.pets=5")
    assert study.task.dials == {"questions": 3, "pets": 5}
    other = GOOD.replace('source = "world"', 'source = "somewhere"')
    assert "for the world only" in refused(file, other, "task.dials.pets=5").problem


@pytest.mark.parametrize(
    ("old", "new", "at"),
    [
        ("steps = 7", 'steps = "many"', "steps"),
        ("steps = 7", "steps = 0", "steps"),
        ("steps = 7", "steps = -1", "steps"),
        ("steps = 7", "steps = 1.5", "steps"),
        ("steps = 7", "steps = [7]", "steps"),
        ("seconds = 2.5", "seconds = 0", "seconds"),
        ("seconds = 2.5", "seconds = nan", "seconds"),
        ("seconds = 2.5", "seconds = inf", "seconds"),
        ("seconds = 2.5", "learning_rate = 1.5", "seconds"),
        ("seconds = 2.5", "learning_rate = 0.0", "seconds"),
        ("train = 100", "train = 0", "train"),
        ("seeds = [0, 1]", "seeds = []", "seeds"),
        ("seeds = [0, 1]", "seeds = 0", "seeds"),
        ("seeds = [0, 1]", "seeds = [0, -1]", "seeds"),  # numpy takes no such seed
        ("seeds = [0, 1]", "seeds = [0, 4294967296]", "seeds"),
        ('regimes = ["answer_only", "correct"]', "regimes = []", "regimes"),
        ('regimes = ["answer_only", "correct"]', 'regimes = "correct"', "regimes"),
        ('name = "mine"', 'name = "a/b"', "name"),
        ('name = "mine"', 'name = ".."', "name"),
        ('name = "mine"', 'name = ""', "name"),
        ('name = "mine"', 'name = "a\\n"', "name"),
        ('name = "mine"', f'name = "{"a" * 41}"', "name"),
        ('name = "mine"', "name = 1979-05-27", "name"),
        ('name = "small"', 'name = "../small"', 'name = "small"'),
        ("data_seed = 5", "data_seed = true_", "data_seed"),
    ],
)
def test_a_value_of_the_wrong_kind_is_named_with_its_line(file: Path, old: str, new: str, at: str) -> None:
    assert old in GOOD
    assert refused(file, GOOD.replace(old, new)).where == f"{file}:{line(at)}"


@pytest.mark.parametrize(
    ("old", "new", "name", "at"),
    [
        ("seeds = [0, 1]", "seeds = [1, 0, 1]", "1", "seeds"),
        ('["answer_only", "correct"]', '["correct", "correct"]', "'correct'", "regimes"),
        ('name = "other"', 'name = "small"', "'small'", "[[students]]"),
    ],
)
def test_what_is_named_twice_is_refused(file: Path, old: str, new: str, name: str, at: str) -> None:
    error = refused(file, GOOD.replace(old, new))
    assert error.problem == f"{name} is named twice"
    assert error.where == f"{file}:{line(at)}"


@pytest.mark.parametrize(
    ("missing", "key"), [('name = "mine"\n', "name"), ('regimes = ["answer_only", "correct"]\n', "regimes")]
)
def test_a_missing_key_is_named(file: Path, missing: str, key: str) -> None:
    error = refused(file, GOOD.replace(missing, ""))
    assert key in error.problem
    assert error.where == f"{file}:1"


def test_a_student_without_a_name_is_named_by_its_table(file: Path) -> None:
    error = refused(file, GOOD.replace('name = "other"\n', ""))
    assert error.problem.startswith("students.1.name")
    assert error.where == f"{file}:{line('[[students]]') + 4}"


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ('name = "mine"\nseeds = [0\nregimes = 1\n', 3),
        ('name = "mine"\nname = "again"\n', 2),
        ('name = "mine\n', 1),
        ("\n\n= 3\n", 3),
        ("[sizes\n", 1),
    ],
)
def test_broken_toml_is_named_with_its_line(file: Path, text: str, number: int) -> None:
    error = refused(file, text)
    assert "not valid TOML" in error.problem
    assert error.where == f"{file}:{number}"


def test_toml_that_ends_too_early_is_named(file: Path) -> None:
    error = refused(file, "seeds = [0,")
    assert "not valid TOML" in error.problem
    assert (error.where or "").startswith(str(file))


@pytest.mark.parametrize("text", ["a = " + "[" * 100_000, "a = " + "{a=" * 100_000])
def test_toml_nested_too_deep_is_refused(file: Path, text: str) -> None:
    assert (refused(file, text).where or "").startswith(str(file))
    assert load(file, GOOD, f"task.source={text}").task.source == text


def test_a_file_that_is_no_text_is_refused(file: Path) -> None:
    file.write_bytes(b'name = "\xff"\n')
    with pytest.raises(UserError, match="UTF-8") as caught:
        load_study(str(file))
    assert (caught.value.where or "").startswith(str(file))


def test_an_empty_file_is_refused(file: Path) -> None:
    assert refused(file, "").where == f"{file}:1"


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    for name in (str(tmp_path / "nowhere.toml"), str(tmp_path), "./first"):
        with pytest.raises(UserError, match="no such study file"):
            load_study(name)


@pytest.mark.parametrize(("name", "near"), [("frist", "first"), ("firts", "first")])
def test_an_unknown_study_is_named_with_the_nearest(name: str, near: str) -> None:
    with pytest.raises(UserError, match=f"there is no study '{name}'") as caught:
        load_study(name)
    assert caught.value.next_step == f"did you mean {near!r}?"


@pytest.mark.parametrize("name", embedded_studies())
def test_every_embedded_study_is_valid(name: str) -> None:
    study = load_study(name)
    assert study.name == name
    assert Study.model_validate(tomllib.loads(resolved_toml(study))) == study


@pytest.mark.parametrize("name", ["babi", "smollm2"])
def test_an_embedded_study_of_babi_may_be_made_on_the_real_files(name: str) -> None:
    assert load_study(name, ["task.source=real/en"]).task.source == "real/en"


def test_the_first_study_is_embedded() -> None:
    study = load_study("first")
    assert {"answer_only", "correct", "incorrect"} <= set(study.regimes)
    assert len(study.task.classes) >= 4
    assert study.students[0].seconds is None, "a seed means the same everywhere: budgets are in steps"


@pytest.mark.parametrize(
    ("override", "read"),
    [
        ("students.0.steps=50", lambda s: s.students[0].steps == 50),
        ("students.1.steps = 50", lambda s: s.students[1].steps == 50),
        ("seeds=[3,4,5]", lambda s: s.seeds == (3, 4, 5)),
        ("seeds.1=9", lambda s: s.seeds == (0, 9)),
        ("sizes.train=8", lambda s: s.sizes.train == 8),
        ('regimes=["incorrect"]', lambda s: s.regimes == ("incorrect",)),
        ("regimes.0=incorrect", lambda s: s.regimes == ("incorrect", "correct")),
        ("task.source=/a path/with 'quotes'=and=equals", lambda s: s.task.source.endswith("'=and=equals")),
        ('task.source="quoted"', lambda s: s.task.source == "quoted"),
        ("task.classes=[]", lambda s: s.task.classes == ()),
        ("students.0.learning_rate=1e-4", lambda s: s.students[0].learning_rate == 1e-4),
        ("students.0.seconds=3", lambda s: s.students[0].seconds == 3),
        ("name=name", lambda s: s.name == "name"),
    ],
)
def test_an_override_takes_the_place_of_a_value(file: Path, override: str, read: object) -> None:
    assert read(load(file, GOOD, override))  # type: ignore[operator]


def test_overrides_may_name_what_the_file_has_not(file: Path) -> None:
    text = GOOD.replace("[sizes]\ntrain = 100\nvalidation = 10\ntest = 20\n", "")
    study = load(file, text, "sizes.train=8", "sizes.test=9", "data_seed=1", "data_seed=2")
    assert (study.sizes.train, study.sizes.test, study.data_seed) == (8, 9, 2)


@pytest.mark.parametrize(
    ("override", "where"),
    [
        ("students.0.steps=many", "--set students.0.steps"),
        ("students.0.step=3", "--set students.0.step"),
        ("sizes.trian=5", "--set sizes.trian"),
        ("sizes=5", "--set sizes"),
        ("seeds=[]", "--set seeds"),
        ("regimes=[1]", "--set regimes.0"),
        ('regimes=["corect"]', "--set regimes"),
        ("nothing.like.this=1", "--set nothing"),
        ("a..b=1", "--set a"),
        ("task.name=baby", "--set task.name"),
    ],
)
def test_a_bad_override_is_named_as_such(file: Path, override: str, where: str) -> None:
    error = refused(file, GOOD, override)
    assert error.where is not None
    assert error.where == where


@pytest.mark.parametrize(
    "override",
    [
        *("", "=", "=5", " =5", "seeds"),
        *("students.7.steps=1", "students.x.steps=1", "students.7=1", "seeds.x=1", "seeds.-1=1"),
        *("name.x=1", "regimes.0.x=1", "students.0.name.deeper.still=1"),
        *("students.²=1", "students.00=1", f"students.{'9' * 5000}=1"),
    ],
)
def test_an_override_that_leads_nowhere_is_refused(file: Path, override: str) -> None:
    error = refused(file, GOOD, override)
    assert error.problem.startswith(f"--set {override!r}")
    assert error.expected


def test_a_fault_of_the_file_is_not_blamed_on_an_override(file: Path) -> None:
    error = refused(file, GOOD.replace("steps = 7", "steps = 0"), "students.1.steps=5", "students.0.batch=5")
    assert error.where == f"{file}:{line('steps')}"


def refusal_of(file: Path, override: str) -> UserError | None:
    try:
        load(file, GOOD, override)
    except UserError as error:
        return error
    return None


@given(st.text(st.characters(exclude_categories=("Cs",)), max_size=30))
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_override_is_taken_or_refused(file: Path, override: str) -> None:
    for item in (override, f"task.source={override}", f"students.0.{override}", f"name={override}"):
        if refusal := refusal_of(file, item):
            assert "--set" in str(refusal)


TEXTS = st.text(st.characters(exclude_categories=("Cs",)), max_size=20)
NAMES = st.from_regex(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,39}", fullmatch=True)
COUNTS = st.integers(1, 10**12)
RATES = st.floats(0, 1, exclude_min=True, allow_subnormal=True)
BASES = TEXTS.filter(lambda text: text.strip() and text.isprintable())
ADAPTERS = st.fixed_dictionaries(
    {}, optional={"r": COUNTS, "dropout": st.floats(0, 0.99), "targets": st.lists(TEXTS, max_size=2)}
)


@st.composite
def students(draw: st.DrawFn) -> Student:
    """Any student that a file can say: keys are there or not, as none of them can be said to be nothing."""
    lengths = draw(st.sampled_from([{}, {"steps": draw(COUNTS)}, {"epochs": draw(st.floats(0.01, 99))}]))
    said = st.fixed_dictionaries(
        {"name": NAMES, "preset": st.sampled_from(sorted(PRESETS))},
        optional={
            "base": BASES, "method": st.sampled_from(["full", "lora", "qlora"]), "lora": ADAPTERS, "batch": COUNTS,
            "seconds": st.floats(0, exclude_min=True, allow_infinity=False), "micro_batch": COUNTS,
            "learning_rate": RATES, "embedding_learning_rate": RATES, "trace_weight": st.floats(0.1, 100),
            "schedule": st.sampled_from(["linear", "cosine", "constant"]), "chat": st.booleans(),
            "precision": st.sampled_from(["float32", "bfloat16"]), "gradient_checkpointing": st.booleans(),
            "max_tokens": COUNTS, "max_new_tokens": COUNTS, "generation_batch": COUNTS,
            "report_to": st.lists(st.sampled_from(["tensorboard", "wandb", "trackio", "mlflow"]), max_size=2),
        },
    )  # fmt: skip
    return Student.model_validate({**draw(said), **lengths})


STUDIES = st.builds(
    Study,
    name=NAMES,
    data_seed=st.integers(-(2**63), 2**63),
    seeds=st.lists(st.integers(0, 2**32 - 1), min_size=1, max_size=3, unique=True).map(tuple),
    regimes=st.lists(st.sampled_from(regime_names()), min_size=1, unique=True).map(tuple),
    sizes=st.builds(Sizes, train=COUNTS, validation=COUNTS, test=COUNTS),
    task=st.builds(
        TaskSource,
        source=TEXTS.filter(lambda text: text != "world"),
        classes=st.lists(st.sampled_from(LABELS), max_size=3).map(tuple),
        most_facts=COUNTS,
        questions=COUNTS,
    ),
    students=st.lists(students(), min_size=1, max_size=2, unique_by=lambda s: s.name).map(tuple),
)


@given(STUDIES)
@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_resolved_study_is_the_study(file: Path, study: Study) -> None:
    assert load(file, resolved_toml(study)) == study


def test_the_resolved_study_writes_out_every_default(file: Path) -> None:
    resolved = tomllib.loads(resolved_toml(load(file, GOOD)))
    # `trace` is newer: files of earlier versions keep their bytes.
    assert {*resolved, "trace"} == set(Study.model_fields)
    unsaid = {"embedding_learning_rate", "seconds", "epochs", "micro_batch", "micro_batch_tokens", "chat"}
    assert set(resolved["students"][1]) == set(Student.model_fields) - unsaid | {"seconds"}
    assert resolved["students"][0]["lora"] == {"r": 16, "alpha": 32, "dropout": 0.05, "targets": []}
    assert resolved["students"][0]["batch"] == Student(name="x").batch
    assert set(resolved["task"]) == set(TaskSource.model_fields) - {"subset", "support", "teacher"}


@pytest.mark.parametrize("preset", PRESETS)
@pytest.mark.parametrize("length", ["", "steps = 3", "epochs = 2"])
def test_a_preset_survives_what_it_leaves_out(file: Path, preset: str, length: str) -> None:
    """Steps that a preset has not must not come back as those of the default."""
    study = load(file, GOOD.replace("steps = 7", f'preset = "{preset}"\n{length}'))
    again = load(file, resolved_toml(study))
    assert again == study
    assert (again.students[0].steps is None) == (
        length != "steps = 3" and (PRESETS[preset].get("steps", 120) is None or length != "")
    )


def test_a_student_with_a_preset_and_adapters_is_read(file: Path) -> None:
    table = 'preset = "paper"\nlearning_rate = 1e-3\n\n[students.lora]\nr = 8\ntargets = ["q_proj", "v_proj"]\n'
    student = load(file, GOOD.replace("steps = 7\n", table)).students[0]
    assert (student.method, student.epochs, student.steps, student.learning_rate) == ("qlora", 3, None, 1e-3)
    assert student.lora == Lora(r=8, targets=("q_proj", "v_proj"))


def test_keys_of_adapters_are_named_with_line_and_nearest(file: Path) -> None:
    text = GOOD.replace("steps = 7\n", "steps = 7\n\n[students.lora]\nrr = 8\n")
    error = refused(file, text)
    assert (error.problem, error.where) == ("unknown key 'rr'", f"{file}:{text.splitlines().index('rr = 8') + 1}")
    assert error.next_step == "did you mean 'r'?" and error.expected == "one of alpha, dropout, r, targets"
    assert load(file, GOOD, "students.0.lora.r=8").students[0].lora == Lora(r=8)
    assert refused(file, GOOD, "students.0.lora.alpa=8").next_step == "did you mean 'alpha'?"
    assert refused(file, GOOD, "students.0.lora.r=0").where == "--set students.0.lora.r"


@pytest.mark.parametrize(
    ("new", "said"),
    [
        ('preset = "papr"', "did you mean 'paper'?"), ("preset = []", "there is no preset"),
        ("steps = 7\nepochs = 1", "one of steps, epochs"), ('method = "qlorra"', "'qlora'"),
        ("trace_weight = 0\nanswer_weight = 0", "nothing is left to learn"), ('base = ""', "the base has no name"),
        ('report_to = ["wandbb"]', "'wandb'"),
    ],
)  # fmt: skip
def test_what_a_student_cannot_be_is_named_with_its_line(file: Path, new: str, said: str) -> None:
    error = refused(file, GOOD.replace("steps = 7", new))
    assert said in str(error)
    at = int((error.where or "").rpartition(":")[2])
    assert line('name = "small"') - 1 <= at <= line('name = "small"') + 2


@pytest.mark.parametrize(
    "regimes", ['["few_shot(5,trace)", "few_shot(5, trace)"]', '["corrupted:0.3", "corrupted(0.3)"]']
)
def test_one_regime_written_in_two_ways_is_named_twice(file: Path, regimes: str) -> None:
    """Their cells would have one name."""
    assert "is named twice" in refused(file, GOOD.replace('["answer_only", "correct"]', regimes)).problem


@pytest.mark.parametrize("source", ['a "b" \\c', "ü/🦙", "tab\tand\nnewline\x7f\x00", "# no comment", "''' \"\"\""])
def test_a_hostile_path_survives(file: Path, source: str) -> None:
    study = load(file, GOOD)
    task = study.task.model_copy(update={"source": source})
    study = study.model_copy(update={"task": task})
    assert load(file, resolved_toml(study)) == study


def test_the_tasks_of_an_older_study_file_are_refused_and_the_new_form_is_shown(file: Path) -> None:
    older = GOOD.replace('[task]\nname = "babi"', '[[tasks]]\ntask = "babi"')
    error = refused(file, older)
    assert error.where == f"{file}:{line('[task]')}"
    assert "a study has one task" in error.problem
    assert error.expected == 'a table [task] instead of [[tasks]], with name = "babi" instead of task = "babi"'


@pytest.mark.parametrize(
    ("override", "now"),
    [
        ("tasks.0.source=a b", "--set 'task.source=a b'"),
        ("tasks.0.task=babi", "--set task.name=babi"),
        ("tasks.0.dials.people=3", "--set task.dials.people=3"),
        ("tasks=[]", None),
    ],
)
def test_an_older_override_of_the_task_is_refused_and_the_new_form_is_shown(
    file: Path, override: str, now: str | None
) -> None:
    error = refused(file, GOOD, override)
    assert "a study has one task" in error.problem and error.where == f"--set {override.partition('=')[0]}"
    assert error.next_step == now


def test_how_traces_are_judged_is_written_only_if_it_is_not_the_default(file: Path) -> None:
    assert load(file, GOOD).trace == "template" and "trace" not in tomllib.loads(resolved_toml(load(file, GOOD)))
    free = load(file, GOOD, "trace=auto")
    assert free.trace == tomllib.loads(resolved_toml(free))["trace"] == "auto"
    assert load(file, resolved_toml(free)) == free


def test_a_wrong_kind_of_trace_is_refused_with_its_place(file: Path, no_grammar: str) -> None:
    wrong = refused(file, 'trace = "fre"\n' + GOOD)
    assert (wrong.where, wrong.next_step) == (f"{file}:1", "did you mean 'free'?")
    error = refused(file, 'trace = "free"\n' + GOOD, f"task.name={no_grammar}", "task.source=x", "task.classes=[]")
    assert error.where == f"{file}:1" and "no grammar" in str(error) and error.next_step == 'trace = "template"'
