"""Where settings come from, which goes first, and what somebody is told whose setting is wrong."""

import json
import tomllib
from pathlib import Path

import pytest

from bot import settings_docs
from bot.errors import BadSettings
from bot.settings import DATA, Location, Settings, leaves, toml_value, variable
from bot.settings_load import SECRETS_DIR, load
from tests.shell import CHECKOUT, ivbot

SECRET = "4815162342:AAmarked-secret-that-nobody-may-see"


@pytest.fixture(autouse=True)
def _in_a_folder_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in (SECRETS_DIR, *(variable(location) for location, _field in leaves())):
        monkeypatch.delenv(name, raising=False)


def toml(text: str) -> None:
    Path("ivbot.toml").write_text(text, encoding="utf-8")


def secrets(monkeypatch: pytest.MonkeyPatch, **files: str) -> Path:
    folder = Path("secrets")
    folder.mkdir()
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    monkeypatch.setenv(SECRETS_DIR, str(folder))
    return folder


def refused() -> BadSettings:
    """What is said about the settings there are now."""
    with pytest.raises(BadSettings) as error:
        load()
    assert str(error.value).count("\n") == 0
    return error.value


def test_without_a_file_of_ones_own_the_one_that_came_with_ivbot_is_read() -> None:
    """On a bare machine the service is the example's."""
    assert load().service.name == "Riverside Independent Visitors"


def test_a_file_named_with_config_is_read() -> None:
    """`--config` is read instead of ivbot.toml."""
    toml('[service]\nname = "Here"')
    Path("other.toml").write_text('[service]\nname = "There"', encoding="utf-8")

    assert (load().service.name, load(Path("other.toml")).service.name) == ("Here", "There")


def test_the_environment_goes_before_secrets_and_those_before_the_file(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each key is read from the first place that has it; its neighbours stay as they are elsewhere."""
    toml('[service]\nname = "toml"\narea = "toml"\nprovider = "toml"\nwebsite = "toml"')
    secrets(monkeypatch, service__name="secret", service__area="secret")
    monkeypatch.setenv("IVBOT_SERVICE__NAME", "environment")
    monkeypatch.setenv("IVBOT_SERVICE__PROVIDER", "environment")

    service = load().service
    assert (service.name, service.area, service.provider, service.website) == (
        "environment", "secret", "environment", "toml",
    )  # fmt: skip
    assert service.age_to == 18


def test_secrets_are_files_named_for_their_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    """A secret is the text of its file without the line end; letter case of the name does not count."""
    secrets(monkeypatch, telegram__token=f"{SECRET}\n", DATABASE__KEY="a key with 'quotes' \r\n")

    settings = load()
    assert settings.telegram.token.get_secret_value() == SECRET
    assert settings.database.key.get_secret_value() == "a key with 'quotes'"


def test_other_files_in_the_secrets_directory_are_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Docker and Kubernetes may put files of other programs there: they are not read, whatever is in them."""
    folder = secrets(monkeypatch, db_password="x", web="{", log="")
    (folder / "server.key").write_bytes(b"\xff\xfe\x00")
    (folder / "..data").mkdir()
    (folder / ".hidden__file").write_text("x", encoding="utf-8")

    assert load().web.port == 8080


def test_a_secret_may_be_a_link_to_somewhere_else(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A link is read like the file it leads to, inside the directory or not."""
    folder = secrets(monkeypatch)
    (tmp_path / "elsewhere").write_text(SECRET, encoding="utf-8")
    (folder / "telegram__token").symlink_to(tmp_path / "elsewhere")

    assert load().telegram.token.get_secret_value() == SECRET


def test_a_misspelt_secret_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """A file that is meant for us and fits no setting is an error, with the name it was probably meant to have."""
    folder = secrets(monkeypatch, telegramm__tokn="x")

    assert str(refused()) == (
        f"{folder}/telegramm__tokn: telegramm__tokn: there is no such setting. Example: a file named telegram__token"
    )


def test_a_secret_that_cannot_be_read_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """A link to nowhere, or bytes that are no text, end in a line with the file's name."""
    folder = secrets(monkeypatch)
    (folder / "telegram__token").symlink_to("nowhere")
    assert f"/{folder}/telegram__token: telegram__token: cannot be read (No such file" in str(refused())

    (folder / "telegram__token").unlink()
    (folder / "telegram__token").write_bytes(b"\xff\xff")
    assert f"/{folder}/telegram__token: telegram__token: is not text" in str(refused())


def test_a_secrets_directory_that_is_not_there_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the directory the bot would run without its secrets, so it does not run."""
    monkeypatch.setenv(SECRETS_DIR, "nowhere")

    assert str(refused()) == (
        "environment: IVBOT_SECRETS_DIR: there is no folder nowhere. Example: IVBOT_SECRETS_DIR=/run/secrets"
    )


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[sevice]\n", "ivbot.toml: sevice: there is no such setting. Example: name = "),
        ("[service]\nnam = 'x'", "ivbot.toml: service.nam: there is no such setting. Example: name = "),
        ("[contacts.coordinator]\nname='x'\nfax='x'", "ivbot.toml: contacts.coordinator.fax: there is no such setting"),
        ("[web]\nport = 'high'", "ivbot.toml: web.port: input should be a valid integer"),
        (
            "[web]\nport = 70000",
            "ivbot.toml: web.port: input should be less than or equal to 65535. Example: port = 8080",
        ),
        (
            "[service]\nlanguages = ['en', 7]",
            "ivbot.toml: service.languages.1: input should be a valid string. Example: l",
        ),
        ("[service]\nlanguages = []", "ivbot.toml: service.languages: list should have at least 1 item"),
        (
            "[service]\nlanguages = ['xx']",
            "ivbot.toml: service.languages: there is no folder locales/xx. Example: languages",
        ),
        ("[service]\nlanguages = ['']", "ivbot.toml: service.languages: there is no folder locales/."),
        ("[service]\nlanguages = ['../en']", "ivbot.toml: service.languages: there is no folder locales/../en."),
        (
            "[service]\ntimezone = 'Mars'",
            'ivbot.toml: service.timezone: is not a time zone. Example: timezone = "Europe/',
        ),
        (
            "[service]\nage_from = 19",
            "ivbot.toml: service.age_from: is more than service.age_to. Example: age_from = 7",
        ),
        ("[service]\njurisdiction = 'mars'", "ivbot.toml: service.jurisdiction: input should be 'england' or 'wales'"),
        ("[retention]\ndrafts = 99999999", "ivbot.toml: retention.drafts: input should be less than or equal to"),
        ("[web]\npublic_url = 'x/'", "ivbot.toml: web.public_url: is not of the right form. The address people type, "),
        (
            "[telegram]\nmode='webhook'\ntoken='1:a'",
            "ivbot.toml: telegram.webhook_url: is needed for webhook mode. Exampl",
        ),
        (
            "[telegram]\nunder_16='web_only'\ntoken='1:a'",
            "ivbot.toml: web.public_url: is needed when telegram.under_16 sends",
        ),
        (
            "[telegram]\nsecret='a b'",
            "ivbot.toml: telegram.secret: has to be 1 to 256 letters, digits, _ or -. Example",
        ),
        ("[telegram]\ntoken='1:a b'", "ivbot.toml: telegram.token: is not a token: it is digits, a colon, and then"),
        ('[database]\nkey="a\\u0000b"', "ivbot.toml: database.key: has characters in it that cannot be typed. Example"),
        ("[recruitment]\nstages=[]", "ivbot.toml: recruitment.stages: list should have at least 1 item"),
        (
            "[recruitment]\nstages=['dbs']",
            "ivbot.toml: recruitment.stages.0: has to be a table. Example: stages = [{ id",
        ),
        (
            "[[recruitment.stages]]\nid='Two words'\ntitle='x'",
            "ivbot.toml: recruitment.stages.0.id: is not of the right form. Each has an id (a-z, 0-9 and _), a title, ",
        ),
        (
            "[[recruitment.stages]]\nid='dbs'",
            'ivbot.toml: recruitment.stages.0.title: field required. Example: stages = [{ id = "dbs", title = "',
        ),
        (
            "[[recruitment.stages]]\nid='dbs'\ntitle='x'\nmonths=1",
            "ivbot.toml: recruitment.stages.0.months: there is no such setting. Example: stages = [{ id",
        ),
        (
            "[[recruitment.stages]]\nid='dbs'\ntitle='x'\n[[recruitment.stages]]\nid='dbs'\ntitle='y'",
            "ivbot.toml: recruitment.stages: has two stages with the id dbs. Example: stages = [{ id",
        ),
        (
            "[recruitment]\nwarn_days=[0]",
            "ivbot.toml: recruitment.warn_days.0: input should be greater than or equal to 1. Example: warn_days = [",
        ),
        (
            "[visits]\nremind_hours_before=[5,4,3,2,1]",
            "ivbot.toml: visits.remind_hours_before: list should have at most",
        ),
        (
            "[visits]\nquiet_from='8pm'",
            "ivbot.toml: visits.quiet_from: is not a time of day: it is hours and minutes, lik",
        ),
        (
            "[visits]\nquiet_to=8",
            "ivbot.toml: visits.quiet_to: is not a time of day: it is hours and minutes, like 20:00.",
        ),
        (
            "[costs]\nbands=[{up_to=30, monthly_rate='1'}]",
            "ivbot.toml: costs.bands: has to go up: each band has a higher up_to than the one before, and only the la",
        ),
        ("[costs]\nbands=[{monthly_rate='1'}, {monthly_rate='1'}]", "ivbot.toml: costs.bands: has to go up: each band"),
        (
            "[costs]\nbands=[{up_to=9, monthly_rate='1'}, {up_to=9, monthly_rate='1'}, {monthly_rate='1'}]",
            "ivbot.toml: costs.bands: has to go up: each band",
        ),
        (
            "[costs]\nbands=[{monthly_rate='1.005'}]",
            "ivbot.toml: costs.bands.0.monthly_rate: decimal input should have no",
        ),
        ("[targets]\nby='soon'", "ivbot.toml: targets.by: input should be a valid date"),
        (
            "[service]\nage_to=21\nmatch_until_age=18",
            "ivbot.toml: service.match_until_age: is less than service.age_to. Example: match_until_age = 25",
        ),
        ("[road]\nno_worker_contact='duty'", "ivbot.toml: road.no_worker_contact: input should be 'coordinator', 'man"),
        (
            "[road]\nno_worker_contact='duty_team'",
            "ivbot.toml: contacts.duty_team.email: is needed when road.no_worker_contact names them. Example: email = ",
        ),
        ("web", "ivbot.toml: the file: is not TOML: Expected '=' after a key in a key/value pair (at end of document)"),
    ],
)
def test_a_bad_value_in_the_file_is_one_line(text: str, said: str) -> None:
    """The line says the file, the key, what is wrong, and gives an example that works."""
    toml(text)

    assert str(refused()).startswith(said)


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("IVBOT_WEB__PORT", "high", "environment IVBOT_WEB__PORT: web.port: input should be a valid integer"),
        ("ivbot_web__port", "high", "environment ivbot_web__port: web.port: input should be a valid integer"),
        (
            "IVBOT_WEB__PROT",
            "1",
            "environment: IVBOT_WEB__PROT: there is no such setting. Example: IVBOT_WEB__PORT=8080",
        ),
        ("IVBOT_WEB", '{"port": 1}', "environment: IVBOT_WEB: there is no such setting. Example: IVBOT_WEB__PORT=8080"),
        (
            "IVBOT_WBE__PORT",
            "1",
            "environment: IVBOT_WBE__PORT: there is no such setting. Example: IVBOT_WEB__PORT=8080",
        ),
        ("IVBOT_WEB__PORT__X", "1", "environment: IVBOT_WEB__PORT__X: there is no such setting. Example: IVBOT_WEB__P"),
        (
            "IVBOT_SERVICE__LANGUAGES",
            '["en"',
            "environment IVBOT_SERVICE__LANGUAGES: service.languages: input should be",
        ),
        (
            "IVBOT_SERVICE__LANGUAGES",
            "en,xx",
            "environment IVBOT_SERVICE__LANGUAGES: service.languages: there is no fol",
        ),
        (
            "IVBOT_SERVICE__LANGUAGES",
            '["en", 7]',
            "environment IVBOT_SERVICE__LANGUAGES: service.languages.1: input sho",
        ),
        (
            "IVBOT_SERVICE__AGE_FROM",
            "20",
            "environment IVBOT_SERVICE__AGE_FROM: service.age_from: is more than service",
        ),
    ],
)
def test_a_bad_value_in_the_environment_is_one_line(
    name: str, value: str, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The line says the variable, the key, what is wrong, and gives an example that works."""
    monkeypatch.setenv(name, value)

    assert str(refused()).startswith(said)


@pytest.mark.parametrize("value", ['["en", "en"]', "en,en", " en , en ,", '[ "en",\n"en" ]'])
def test_a_list_in_the_environment_is_json_or_words_with_commas(value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Both ways of writing a list are read alike."""
    monkeypatch.setenv("IVBOT_SERVICE__LANGUAGES", value)

    assert load().service.languages == ["en", "en"]


def test_an_empty_variable_does_not_count(monkeypatch: pytest.MonkeyPatch) -> None:
    """A variable that a compose file passes on empty hides neither a secret nor the file."""
    secrets(monkeypatch, telegram__token=SECRET)
    for name in ("IVBOT_TELEGRAM__TOKEN", "IVBOT_WEB__PORT", "IVBOT_SERVICE__LANGUAGES", SECRETS_DIR.lower()):
        monkeypatch.setenv(name, "")

    assert load().telegram.token.get_secret_value() == SECRET


def test_settings_cannot_be_changed_once_they_are_read() -> None:
    """Neither a section nor a key of it takes another value."""
    settings = load()

    with pytest.raises(ValueError, match="frozen"):
        settings.web = settings.web  # type: ignore[misc]
    with pytest.raises(ValueError, match="frozen"):
        settings.web.port = 1  # type: ignore[misc]


@pytest.mark.parametrize("key", ["telegram.token", "telegram.secret", "database.key"])
def test_secrets_are_never_shown(key: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Not by printing the settings, and not by an error about the secret itself or about another key."""
    monkeypatch.setenv(variable(tuple(key.split("."))), "marked-secret")
    assert "marked" not in f"{load()!r} {load()} {load().model_dump()} {load().model_dump_json()}"

    monkeypatch.setenv(variable(tuple(key.split("."))), "marked secret\t")
    error = refused()
    assert error.key == key
    assert "marked" not in f"{error} {error!r}"

    monkeypatch.setenv(variable(tuple(key.split("."))), "marked-secret")
    monkeypatch.setenv("IVBOT_WEB__PORT", "marked")
    assert "marked" not in f"{refused()} {refused()!r}"


def test_every_example_is_a_value_that_works(monkeypatch: pytest.MonkeyPatch) -> None:
    """What an error line and the documentation show can be typed as it is."""
    shown = {name: field for name, field in leaves() if field.examples}
    for location, field in shown.items():
        if location != ("service", "languages"):
            example = (field.examples or [""])[0]
            monkeypatch.setenv(variable(location), json.dumps(example) if isinstance(example, list) else str(example))

    assert load().web.host == "0.0.0.0"
    assert len(shown) == len(list(leaves())) > 20


def test_the_documentation_is_what_the_settings_say() -> None:
    """docs/settings.md is up to date (`make docs`), and has each key, its variable, its default and an example."""
    written = (CHECKOUT / "docs" / "settings.md").read_text(encoding="utf-8")
    rows = [[cell.strip() for cell in line.split("|")[1:-1]] for line in written.splitlines() if "| `IVBOT_" in line]

    assert written == settings_docs.document()
    assert [row[1].strip("`") for row in rows] == [variable(location) for location, _field in leaves()]
    assert [row for row in rows if len(row) != 5 or not all(row)] == []
    assert [name for name in Settings.model_fields if f"## `[{name}" not in written] == []
    assert len(rows) > 20


def test_the_shipped_file_names_only_settings_there_are() -> None:
    """ivbot.toml at the top of the checkout loads as it is."""
    assert load(CHECKOUT / "ivbot.toml").contacts.coordinator.name == "the coordinator"


@pytest.mark.parametrize("command", ["run", "check", "invite coordinator", "export interest", "purge", "ask hello"])
def test_bad_settings_end_every_command_with_2_and_one_line(command: str, tmp_path: Path) -> None:
    """The real command says what is wrong on standard error, does nothing, and ends with exit code 2."""
    ended = ivbot(tmp_path, *command.split(), env={"IVBOT_WEB__PORT": "high"})

    assert (ended.code, ended.out) == (2, b"")
    assert ended.line.startswith("environment IVBOT_WEB__PORT: web.port: input should be a valid integer")
    assert list(tmp_path.iterdir()) == []


def test_hours_and_days_before_something_are_read_longest_first(monkeypatch: pytest.MonkeyPatch) -> None:
    """In whatever order they are written, and however often."""
    monkeypatch.setenv("IVBOT_VISITS__REMIND_HOURS_BEFORE", "3, 48, 24, 3")
    toml("[recruitment]\nwarn_days = [7, 60]")

    settings = load()
    assert (settings.visits.remind_hours_before, settings.recruitment.warn_days) == ([48, 24, 3], [60, 7])


@pytest.mark.parametrize(("until", "age"), [("", 18), ("match_until_age = 25", 25)])
def test_a_match_goes_on_until_the_age_that_is_set_for_that(until: str, age: int) -> None:
    """Otherwise it is the oldest age the service takes."""
    toml(f"[service]\nage_to = 18\n{until}")

    assert load().service.goes_on_until == age


PROFILES: dict[str, dict[str, object]] = {
    "durham": {
        "service.age_from": 4, "service.match_until_age": 25, "road.ask_before_referral": True, "targets.matches": 30,
        "targets.share_of_children": 10, "targets.children_looked_after": 950,
    },
    "harrow": {
        "service.age_from": 7, "road.nudge_after_days": 21,
        "recruitment.stages": ["training", "interviews", "dbs 36", "references", "shadowing", "modules"],
        "costs.bands": ["30: 102.04", "81.50"],
    },
    "herefordshire": {
        "service.capacity": 18, "service.spot_places": True, "road.flag_visitor": True,
        "targets.children_looked_after": 350,
    },
    "thurrock": {"service.age_to": 25, "visits.explain_complaints": True},
    "managed-teams": {"road.no_worker_contact": "duty_team"},
}  # fmt: skip
"""What is particular in each profile, beside its names and its contacts."""


def at(location: Location, settings: object) -> object:
    for name in location:
        settings = getattr(settings, name)
    return settings


def told(key: str, value: object, settings: Settings) -> object:
    """A value as PROFILES has it."""
    match key:
        case "recruitment.stages":
            stages = settings.recruitment.stages
            return [f"{stage.id} {stage.valid_months}" if stage.valid_months else stage.id for stage in stages]
        case "costs.bands":
            bands = settings.costs.bands
            return [f"{band.up_to}: {band.monthly_rate}" if band.up_to else f"{band.monthly_rate}" for band in bands]
    return value


@pytest.mark.parametrize("name", PROFILES)
def test_a_profile_differs_where_its_service_does(name: str) -> None:
    """Each ready profile is read without a complaint, and is like every other service in all else."""
    settings, usual = load(DATA / "profiles" / f"{name}.toml"), Settings.model_construct()
    names = {("service", "name"), ("service", "area"), ("service", "provider")}
    differing = {
        ".".join(location): at(location, settings)
        for location, _field in leaves()
        if location not in names and location[0] != "contacts" and at(location, settings) != at(location, usual)
    }

    assert {key: told(key, value, settings) for key, value in differing.items()} == PROFILES[name]


@pytest.mark.parametrize("name", PROFILES)
def test_a_profile_repeats_nothing(name: str) -> None:
    """What is as usual is not written down again, and everybody a mail has to reach has an address."""
    path = DATA / "profiles" / f"{name}.toml"
    written, usual = tomllib.loads(path.read_text(encoding="utf-8")), Settings.model_construct()
    repeated = [
        f"{section}.{key}"
        for section, keys in written.items()
        for key, value in keys.items()
        if section != "contacts" and toml_value(value) == toml_value(at((section, key), usual))
    ]

    assert repeated == []
    settings = load(path)
    assert settings.complaints.everybody | set(settings.safeguarding.chain) <= settings.contacts.with_mail


def test_every_profile_is_described() -> None:
    """Those in the folder are those above, and profiles/README.md has a line for each."""
    there = {path.stem for path in (DATA / "profiles").glob("*.toml")}
    readme = (DATA / "profiles" / "README.md").read_text(encoding="utf-8")

    assert there == set(PROFILES)
    assert [name for name in there if f"| `{name}.toml` |" not in readme] == []


@pytest.mark.parametrize("name", PROFILES)
def test_every_profile_passes_the_check(name: str, tmp_path: Path) -> None:
    """`ivbot check` finds nothing wrong with a profile as it is."""
    checked = ivbot(tmp_path, "check", "--config", str(DATA / "profiles" / f"{name}.toml"))

    assert (checked.code, b"FAIL" in checked.out) == (0, False)
    assert b"ok   settings: " in checked.out
