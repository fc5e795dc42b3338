"""The words of a visit report in one line: what each says, in the reader's language and in English.

A list is words with commas between them, so that another language needs nothing but its own. Case, accents and
apostrophes do not count. The longest that fits is taken. What each list says is in its name.
"""

from collections.abc import Mapping
from enum import Enum, auto

from bot.engine import speech
from bot.engine.answers import NO_WORDS, YES_WORDS
from bot.i18n import Text, _

HAPPENED = _(
    "done, all done, happened, happend, it happened, it happend, did happen, visit happened, went ahead, took place, "
    "visit done, visited, did it, it did, saw him, saw her, saw them, met him, met her, met them, met up, completed"
)
NOT_HAPPENED = _(
    "didn't happen, didn't happened, didn't happend, didn't hapen, did not happen, not happen, not happened, never "
    "happened, hasn't happened, no visit, didn't go ahead, did not go ahead, didn't go, did not go, didn't see him, "
    "didn't see her, didn't see them, cancelled, canceled, cancled, cancel, called off, postponed, fell through, "
    "couldn't make it, could not make it, couldn't come, could not come, can't come, couldn't go, could not go, "
    "abandoned"
)
CALLED_OFF = _("cancelled, canceled, cancled, called off, postponed, called it off")
GROWN_UPS = _(
    "carer, carers, foster carer, foster carers, foster mum, foster dad, foster parents, foster family, care home, "
    "children's home, the home, staff, staff at the home, key worker, keyworker, social worker, social workers, sw, "
    "school, manager, coordinator, placement, mum, dad, his mum, her mum, his dad, her dad, parents"
)

NOBODY_THERE = _(
    "no show, noshow, didn't show, did not show, didn't show up, never showed, never showed up, didn't turn up, did "
    "not turn up, never turned up, didn't come, did not come, never came, nobody in, nobody there, nobody home, "
    "nobody was in, nobody was there, no one in, no one there, no one home, no one was in, no one was there, noone "
    "in, noone there, noone home, no answer, nobody answered, no one answered, wasn't there, was not there, weren't "
    "there, wasn't in, was not in, wasn't home, wasn't at home, not in when i got there, stood up"
)
I_COULD_NOT_COME = _(
    "i couldn't make it, i could not make it, i couldn't come, i could not come, i couldn't "
    "go, i can't come, i cancelled, i canceled, i had to cancel, i didn't go"
)
CHILD_COULD_NOT_COME = _(
    "he couldn't make it, she couldn't make it, they couldn't make it, he "
    "couldn't come, she couldn't come, they couldn't come, he can't come, she can't come, they can't come"
)
CHILD_WOULD_NOT = _(
    "he didn't want to come, she didn't want to come, they didn't want to come, didn't want to come, did not want to "
    "come, didn't want to go, didn't want to see me, refused to come, refused to come out, he refused to come, she "
    "refused to come, they refused to come, he refused to come out, she refused to come out, they refused to come "
    "out, refused to see me, refused to go, wouldn't come, would not come, wouldn't come out, he cancelled, she "
    "cancelled, they cancelled"
)
RAINED_OFF = _("rained off, snowed in")

I_WAS_AWAY = _(
    "i was ill, i was sick, i was poorly, i was unwell, i am ill, i'm ill, i'm sick, i'm poorly, i had covid, i had "
    "flu, i had a cold, i had to work, i was working, i was stuck at work, stuck at work, my car broke down, car "
    "broke down, my car, my train, my bus, my kids, i was away, i was on holiday, i forgot"
)
CHILD_WAS_AWAY = _(
    "he was ill, she was ill, they were ill, he is ill, she is ill, he's ill, she's ill, they're ill, he was sick, "
    "she was sick, they were sick, he's sick, she's sick, he was poorly, she was poorly, they were poorly, he's "
    "poorly, she's poorly, he was unwell, she was unwell, they were unwell, he was not well, she was not well, he "
    "wasn't well, she wasn't well, they weren't well, he had covid, she had covid, he has covid, she has covid, he "
    "had a cold, she had a cold, he was at school, she was at school, he had school, she had school, he was away, she "
    "was away, they were away, he was on holiday, she was on holiday, they were on holiday, he had an exam, she had "
    "an exam, exams, exam, detention, dentist, doctors appointment, hospital appointment, family contact, family "
    "time, child ill, child poorly, child unwell"
)
CHILD_DID_NOT_WANT = _(
    "didn't want to, did not want to, doesn't want to, don't want to, not in the mood, wasn't in the mood, didn't "
    "feel like it, didn't fancy it, changed his mind, changed her mind, changed their mind, refused"
)
WEATHER = _(
    "weather, bad weather, the weather, rain, heavy rain, raining, snow, snowing, storm, storms, ice, icy, flooding, "
    "flooded, floods, too wet, too hot, heatwave, fog"
)

VERY_HAPPY = _(
    "excited, very excited, over the moon, buzzing, ecstatic, delighted, thrilled, loved it, loved every minute, "
    "loved every minute of it, had a great time, had a brilliant time, had an amazing time, had a fab time, had the "
    "best time, best mood, great mood, brilliant mood, fantastic mood, amazing mood, excellent mood, great spirits, "
    "very happy, really happy, so happy, super happy"
)
HAPPY = _(
    "happy, cheerful, cheery, smiling, smiley, smiles, content, pleased, laughing, giggling, enjoyed it, enjoyed "
    "himself, enjoyed herself, enjoyed themselves, had fun, had a good time, had a nice time, had a lovely time, good "
    "mood, nice mood, lovely mood, gd mood, good spirits"
)
SO_SO = _("ok mood, okay mood, mixed mood, so so, meh, neutral, fine mood, alright mood, neither happy nor sad")
UNHAPPY = _(
    "sad, unhappy, not happy, not very happy, wasn't happy, bored, grumpy, angry, cross, fed up, low mood, bad mood, "
    "poor mood, moody, stroppy, anxious, nervous, worried, down in the dumps, homesick, flat mood"
)
VERY_UNHAPPY = _(
    "upset, very upset, crying, cried, in tears, tearful, distressed, miserable, devastated, heartbroken, awful mood, "
    "terrible mood, very sad, really sad, so sad, very unhappy, very low"
)
GREAT_IF_SAID_OF_THEM = _("great, brilliant, amazing, fantastic, fab, fabulous, excellent, awesome, gr8, wonderful")
GOOD_IF_SAID_OF_THEM = _("good, gd, nice, positive, chirpy, bright, lovely")
OK_IF_SAID_OF_THEM = _("ok, okay, fine, alright, all right, mixed, average")
BAD_IF_SAID_OF_THEM = _("bad, low, poor, flat, down, rubbish")
AWFUL_IF_SAID_OF_THEM = _("awful, terrible, horrible, very bad, really bad, very low")
MOOD = _("mood, moods, their mood, his mood, her mood, child's mood, spirits, mood was, mood is")
THEY_WERE = _(
    "he was, she was, they were, he is, she is, he's, she's, they're, he seemed, she seemed, they seemed, he looked, "
    "she looked, they looked, he felt, she felt, they felt"
)
SOMEWHAT = _(
    "very, really, so, quite, pretty, super, bit, a bit, a little, little, at all, that, mostly, generally, always, "
    "all, was, were, is, seemed, looked, felt, feeling, in, in a"
)
SOMEBODY_ELSE = _("i, i'm, i am, i was, i felt, me, we, we were, carer, carers, mum, dad, staff, carer was, mum was")
NOT = _(
    "not, no, never, wasn't, weren't, isn't, didn't, don't, doesn't, won't, can't, couldn't, without, hardly, nobody"
)

CHILD_CHOSE = _(
    "he chose, she chose, they chose, he choose, she choose, they choose, he chooses, she chooses, he picked, she "
    "picked, they picked, he decided, she decided, they decided, his choice, her choice, their choice, his idea, her "
    "idea, their idea, his pick, her pick, child chose, child picked, child's choice, child's idea, yp chose, yp "
    "choice, chosen by him, chosen by her, chosen by them, picked by him, picked by her, young person chose, kid "
    "chose"
)
BOTH_CHOSE = _(
    "we both chose, both chose, we chose, we choose, we chose together, chose together, we both picked, both picked, "
    "we picked, we both decided, we decided, decided together, joint choice, joint decision, both our choice, both "
    "our idea, our choice, our idea, both of us chose, chosen together, chosen by both"
)
VISITOR_CHOSE = _(
    "i chose, i choose, i picked, i decided, i suggested, my choice, my idea, my suggestion, my pick, chosen by me, "
    "picked by me"
)

HOURS = _("hours, hour, hrs, hr, h, hs, hors, huors")
MINUTES = _("minutes, minute, mins, min, mns")
MAYBE_MINUTES = _("m")
QUARTER_OF_AN_HOUR = _("quarter of an hour, quarter hour, a quarter of an hour")
HALF_AN_HOUR = _("half an hour, half hour, half an hr, half hr, half a hour, a half hour")
THREE_QUARTERS = _("three quarters of an hour, three quarter hour, three quarters of hour")
ONE_HOUR = _("an hour, a hour, an hr, a hr, one hour, one hr")
HOUR_AND_A_HALF = _(
    "an hour and a half, hour and a half, an hour and half, hour and half, hr and a half, an hr and a half, one and a "
    "half hours, one and half hours, hour n half, hour n a half"
)
TWO_HOURS = _("a couple of hours, couple of hours, couple hours, couple of hrs, couple hrs, a couple hours")
AND_A_HALF = _("and a half, and half, n a half, n half")
NOT_OF_THE_VISIT = _(
    "each way, drive, driving, drive there, drive back, drove, late, early, travel, travelling, traveling, travel "
    "time, journey, waited, waiting, wait, waited for, wait for, on the bus, on the train, bus ride, bus journey, "
    "train ride, there and back, walk to, each"
)
IN_ALL = _("total, in total, in all, altogether, all in all, all in, overall")

POUNDS = _("quid, pounds, pound, quids, gbp")
PENCE = _("p, pence, pennies")
FIVE_POUNDS = _("fiver, a fiver")
TEN_POUNDS = _("tenner, a tenner")
COSTS = _(
    "spent, spend, i spent, we spent, cost, costs, cost me, it cost, expenses, expense, exp, paid, i paid, claim, "
    "bus, buses, bus fare, bus fares, train, train fare, trains, taxi, uber, tram, tube, parking, car park, fare, "
    "fares, petrol, ticket, tickets, on, for, each"
)
EACH_COSTS = _("each, per person, pp, x2, times two, budget, change, off, back")
NOTHING_SPENT = _(
    "no expenses, no expense, no costs, no cost, no money spent, nothing spent, spent nothing, didn't spend anything, "
    "no spend, no claim, nothing to claim, no money"
)
MILES = _("miles, mile, mls, mi")
DRIVEN = _("drove, i drove, drive, driving, by car, mileage, in my car, round trip, return, there and back, in the car")
EACH_WAY = _("each way, both ways, there and the same back")
NO_MILES = _("no miles, no mileage, nil mileage, no car")

NEXT = _(
    "next, next visit, next time, next one, next date, next is, next visit is, next one is, next visit on, seeing her "
    "again, seeing him again, seeing them again, see her again, see him again, see them again"
)
MONTHS = _(
    "january, jan, february, feb, march, mar, april, apr, may, june, jun, july, jul, august, aug, september, sept, "
    "sep, october, oct, november, nov, december, dec, weekend, fortnight, month"
)
BETWEEN = _(
    "and, then, but, so, of, for, about, around, approx, roughly, was, were, is, it, plus, also, just, by, because, "
    "cos, coz, bc, as, cause, since, due to, with, he, she, they, him, her, we, the, a, visit, at, in, on"
)
FACES: Mapping[str, int] = {
    **dict.fromkeys("😀😃😄😁😆🤩🥳😍🥰", 5),
    **dict.fromkeys("🙂😊☺😌😎😇🤗", 4),
    **dict.fromkeys("😐😑😶", 3),
    **dict.fromkeys("🙁☹😞😔😕😟😒🥺", 2),
    **dict.fromkeys("😢😭😡😠😫😩😖😣", 1),
    ":)": 4, ":-)": 4, "=)": 4, ":D": 5, ":-D": 5, ":|": 3, ":-|": 3, ":(": 2, ":-(": 2, "=(": 2, ":'(": 1,
}  # fmt: skip
"""A face says how happy somebody is in every language. 5 is the happiest."""


class Sort(Enum):
    """What a list of words says."""

    HAPPENED = auto()
    NOT_HAPPENED = auto()
    CALLED_OFF = auto()  # which is not_happened as well
    GROWN_UPS = auto()
    WHY_NOT = auto()  # says by itself that it did not happen
    WHY = auto()  # says why only when something else says that it did not happen
    MOOD = auto()
    MOOD_IF_OF_THEM = auto()
    MOOD_IS = auto()
    THEY_WERE = auto()
    SOMEWHAT = auto()
    SOMEBODY_ELSE = auto()
    NOT = auto()
    CHOSE = auto()
    HOURS = auto()
    MINUTES = auto()
    MAYBE_MINUTES = auto()
    TIME = auto()  # so many minutes
    AND_A_HALF = auto()
    AND = auto()
    MORNING = auto()
    AFTERNOON = auto()
    UNTIL = auto()
    AT = auto()
    NOT_OF_THE_VISIT = auto()
    IN_ALL = auto()
    POUNDS = auto()
    PENCE = auto()
    MONEY = auto()  # so many pence
    COSTS = auto()
    EACH_COSTS = auto()
    MILES = auto()
    DRIVEN = auto()
    EACH_WAY = auto()
    NO_MILES = auto()
    NEXT = auto()
    DAYS = auto()
    BETWEEN = auto()
    YES = auto()
    NO = auto()


LISTS: tuple[tuple[Sort, str | int, Text], ...] = (
    (Sort.HAPPENED, "", HAPPENED),
    (Sort.NOT_HAPPENED, "", NOT_HAPPENED),
    (Sort.CALLED_OFF, "", CALLED_OFF),
    (Sort.GROWN_UPS, "", GROWN_UPS),
    (Sort.WHY_NOT, "nobody_there", NOBODY_THERE),
    (Sort.WHY_NOT, "i_could_not", I_COULD_NOT_COME),
    (Sort.WHY_NOT, "child_could_not", CHILD_COULD_NOT_COME),
    (Sort.WHY_NOT, "child_did_not_want", CHILD_WOULD_NOT),
    (Sort.WHY_NOT, "weather", RAINED_OFF),
    (Sort.WHY, "i_could_not", I_WAS_AWAY),
    (Sort.WHY, "child_could_not", CHILD_WAS_AWAY),
    (Sort.WHY, "child_did_not_want", CHILD_DID_NOT_WANT),
    (Sort.WHY, "weather", WEATHER),
    (Sort.MOOD, 5, VERY_HAPPY),
    (Sort.MOOD, 4, HAPPY),
    (Sort.MOOD, 3, SO_SO),
    (Sort.MOOD, 2, UNHAPPY),
    (Sort.MOOD, 1, VERY_UNHAPPY),
    (Sort.MOOD_IF_OF_THEM, 5, GREAT_IF_SAID_OF_THEM),
    (Sort.MOOD_IF_OF_THEM, 4, GOOD_IF_SAID_OF_THEM),
    (Sort.MOOD_IF_OF_THEM, 3, OK_IF_SAID_OF_THEM),
    (Sort.MOOD_IF_OF_THEM, 2, BAD_IF_SAID_OF_THEM),
    (Sort.MOOD_IF_OF_THEM, 1, AWFUL_IF_SAID_OF_THEM),
    (Sort.MOOD_IS, "", MOOD),
    (Sort.THEY_WERE, "", THEY_WERE),
    (Sort.SOMEWHAT, "", SOMEWHAT),
    (Sort.SOMEBODY_ELSE, "", SOMEBODY_ELSE),
    (Sort.NOT, "", NOT),
    (Sort.CHOSE, "child", CHILD_CHOSE),
    (Sort.CHOSE, "both", BOTH_CHOSE),
    (Sort.CHOSE, "visitor", VISITOR_CHOSE),
    (Sort.HOURS, "", HOURS),
    (Sort.MINUTES, "", MINUTES),
    (Sort.MAYBE_MINUTES, "", MAYBE_MINUTES),
    (Sort.TIME, 15, QUARTER_OF_AN_HOUR),
    (Sort.TIME, 30, HALF_AN_HOUR),
    (Sort.TIME, 45, THREE_QUARTERS),
    (Sort.TIME, 60, ONE_HOUR),
    (Sort.TIME, 90, HOUR_AND_A_HALF),
    (Sort.TIME, 120, TWO_HOURS),
    (Sort.AND_A_HALF, "", AND_A_HALF),
    (Sort.AND, "", speech.AND),
    (Sort.MORNING, "", speech.MORNING),
    (Sort.AFTERNOON, "", speech.AFTERNOON),
    (Sort.UNTIL, "", speech.UNTIL),
    (Sort.AT, "", speech.AT),
    (Sort.NOT_OF_THE_VISIT, "", NOT_OF_THE_VISIT),
    (Sort.IN_ALL, "", IN_ALL),
    (Sort.POUNDS, "", POUNDS),
    (Sort.PENCE, "", PENCE),
    (Sort.MONEY, 500, FIVE_POUNDS),
    (Sort.MONEY, 1000, TEN_POUNDS),
    (Sort.MONEY, 0, NOTHING_SPENT),
    (Sort.COSTS, "", COSTS),
    (Sort.EACH_COSTS, "", EACH_COSTS),
    (Sort.MILES, "", MILES),
    (Sort.DRIVEN, "", DRIVEN),
    (Sort.EACH_WAY, "", EACH_WAY),
    (Sort.NO_MILES, "", NO_MILES),
    (Sort.NEXT, "", NEXT),
    (Sort.DAYS, "", MONTHS),
    (Sort.DAYS, "", speech.WEEKDAYS),
    (Sort.DAYS, "", speech.TOMORROW),
    (Sort.DAYS, "", speech.WEEK_ON),
    (Sort.BETWEEN, "", BETWEEN),
    (Sort.YES, "", YES_WORDS),
    (Sort.NO, "", NO_WORDS),
)
"""Each list with what its words say, and the value they say it with."""
