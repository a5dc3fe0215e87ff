"""Statements about events in time as rows of symbols. A statement is read only if all its words are known.

Symbols: `n` a name, `d` a date, `r` a relation such as `works for`; `f` from, `t` to, `-` a dash, `j` between, `&` and;
`c` begins, `e` ends; `X` not; `b` is; `p` he or she, `q` it or this, `w` a word for what is asked (`player`); and
the relations in time: `V` overlaps, `L` at the same time, `U` during, `W` within, `H` contains, `E` same, `I` identical,
`B` before, `A` after; `R` the word relation, `M` mixed. Words without a symbol say nothing.

While a statement is read, there are also `x` exactly, `%` partly, `O` coincides, `S` spans, `|` a bar, `h` when, `k` case,
`D` is over, `Q` by the start of, `T` too late, `Y` too early, `y` early or late, `l` later, `m` earlier, `v` by, `~` by then,
`a` as early as, `z` as late as, `!` a cross, `>` and `<` signs of order and `g` the event of the question; `,` is a comma, `:` a
colon, `;` but.
"""

import re
from functools import lru_cache

from tracekd.statements.cotempqa.dates import DATE_MARK
from tracekd.statements.cotempqa.event_words import NAME_MARK, VOCABULARY
from tracekd.statements.rewriting import Rewriting
from tracekd.statements.vocabulary import NUMBER, UNKNOWN

__all__ = ["NAME_MARK", "NUMBER", "RELATIONS", "UNKNOWN", "symbols"]

RELATIONS = "VLUWHEIBA"
# A name among words that compare nothing.
_N = f"[^{RELATIONS}]*n[^{RELATIONS}]*"
# `in the interval [1990, 1995]`
_BRACKETS = re.compile(rf"[\[(]({DATE_MARK}), ({DATE_MARK})[\])]")
# What several symbols mean together, in this order.
_TOGETHER = Rewriting(
    (
        (r"^(X?[VL][^:]*):X[,&]*$", r"X\1"),  # `overlap with NAME: no`
        ("(?<=[VL]):(?=.*n)", "&"),  # `no overlap: NAME began after NAME`
        (":", ""),
        (r"(?<=d)>(?=d)", "A"),
        (r"(?<=d)<(?=d)", "B"),
        (r"<|f(?=[BAUW])", "?"),  # `from before NAME until 1999`
        (
            r"[&,]X(?=n[^VLUWHEIBAO]*[,&])|X(?=[rb]+[^VLUWHEIBAO&,;n]*[&,]+[pqn][^&,]*[VLUWHEIBA])",
            "?",
        ),  # `NAME, not NAME, ..`
        (r"(?<=d)(X?b+X?)(?=jd&d)", r"\1W"),  # `1984 is not between 1990 and 1995`
        (r"(?<=d)\|(?=d)", "-"),
        (r"[|>]", ""),
        ("(?<=X);|;(?=h|$)", ""),  # `it had not begun yet`
        (rf"^({_N})Xch({_N})e$", r"\1A\2"),  # `had not begun when NAME ended`
        (rf"^({_N})Xc$", r"\1A"),
        (rf"ch({_N})c[&,]+eh({_N})e$", r"I\1&\2"),
        (r"ch(?=[^&,]*n[^&,]*[eD])", "cA"),  # `began when NAME was over`
        ("[ce]h[^&,]*[ce][&,]+[ce]h|[&,]+[lm](?=.*n)", "?"),  # `ends, and only later does NAME begin`
        (rf"^c[&,]+e([^{RELATIONS}]*)E", r"\1I"),  # `the start and the end of NAME are the same as those of NAME`
        (r"^[lm][&,]*(?=p)", ""),  # `Later, she ..`
        (r"(?:^|&|,)[lm](?=[&,]*$)|[lm](?=[&,]*[pbq]*[rc])", "?"),  # `and later worked for ..` compares nothing
        ("l", "A"),
        ("m", "B"),
        (r"[De]h(?=.*c)|Dh", "eB"),  # `had been over for years when ..`
        (r"^h([^,]*c[^,]*),(?=[^,]*[De]$)", r"B\1,"),  # `when NAME began, NAME was over`
        (r"^h([^,]*[De]),(?=[^,]*c$)", r"A\1,"),  # `when NAME was over, NAME began`
        (rf"^X({_N}&{_N})[De]Bc$|^X({_N}&{_N})cA[De]$", r"\1\2V"),  # `neither was over before the other began`
        (r"^X[De]Bc$|^XcA[De]$", "V"),
        (r"D(?=fd(?!-?t?d))", "?"),  # `had been over since 1999`
        (r"^qb%*V,*$", "?"),  # `it is a partial overlap`: the class, or what was spoken of last
        ("[&,]X%+[&,]*$", ""),  # `do not overlap, not even partly`
        (r"%[^VLUWHEIBAO]*XV|XV%", "?"),  # what is partly outside may overlap
        (r"[VLUWHEIBAO].*n[^n]*,[^n]*n[^nVLUWHEIBAO]*X$", "?"),  # `NAME overlaps with NAME, NAME does not`
        (r"^[^nd]*td(?=[^d]*c[^d]*$)", "?"),  # `it took until 1990 for NAME to join ..`
        (r"^!(?=.*X)", ""),
        ("!", "?"),
        (
            r"Xc?B([^VLUWHEIBAO]*n[^VLUWHEIBAO]*)[&,]+e?Aq?(?=$)",
            r"W\1",
        ),  # `neither began before .. nor lasted beyond it`
        (r"Xc?B[&,]+e?A(?=.*n)", "W"),
        (f";(?=[bpq]*X?[bpq]*[{RELATIONS}O])", "&"),  # `overlaps, but is not identical`
        (";", "?"),
        (r"y(?=[fjt]?d)", ""),  # `in early 1990`
        (r"[TY][&,]+(?=c?[AB])", ""),  # `it is too late, starting after ..`
        (r"T[VLO](.*)", r"cA\1e"),  # `too late to coincide with ..`
        (r"Y[VLO](.*)", r"eB\1c"),
        (rf"c?T(?=[^{RELATIONS}]*n)(.*)$", r"cA\1e"),  # `began too late for NAME`
        (rf"e?Y(?=[^{RELATIONS}]*n)(.*)$", r"eB\1c"),
        ("T$", "A"),
        ("Y$", "B"),
        (r"ad[&,]*z(?=d)", "fdt"),  # `as early as 1990 and as late as 1995`; one of them alone is no end
        (r"[az](?=d)", ""),
        ("[az]", "?"),
        (r"v(?=[fjt]?d)", "?"),  # `had ended by 1999` does not say when
        ("v", ""),
        ("[TYy]", "?"),
        (r"^Q(?=[^,&]*[,&].*D$)", "Bc"),  # `by the start of .., it was over`
        ("Q", "c"),
        (r"D(?=[fj]*d)", "b"),  # `was over the years 1990 to 1995`, but `was over before ..`
        (rf"^L[&,]*([^d{RELATIONS}]*n[^d{RELATIONS}]*)D$", r"\1eBq"),  # `at that point, NAME was over`
        ("D", "e"),
        (rf"^~[&,]*([^d{RELATIONS}]*n[^d{RELATIONS}]*e)$|^([^d{RELATIONS}]*n[^d{RELATIONS}]*e)~$", r"\1\2Bq"),
        ("~", "?"),
        (r"%+[WULEIOV]|[LEIOV]+%(?!d)", "V"),  # `partly during`
        (r"%([^VLUWHEIBAOSd]*)[WULO](?![fj]?d)", r"\1V"),  # `part of it falls within ..`
        ("c[&,]e[UW]", "W"),  # `both started and ended during`
        (r"c[&,]e[&,](?=[rpq]*n)", "I"),  # `began and ended together with`
        (r"h(?=.*[VLUWHEIBAOS])|(?<=[VLUWHEIBAO])(.*)h", r"\1"),  # `when NAME was there` is a time like others
        ("h", "U"),
        (r"(?<=n)w(?!h)", "r"),  # `a NAME player`
        (rf"S(?=q?b?[fjcXpd{RELATIONS}]|$)(?!x*[EI])", ""),  # `the span 1990 to 1995`
        (rf"^([^d{RELATIONS}]*[nq][^d{RELATIONS}]*)b+x(?={_N}$)", r"\1I"),  # `is exactly that of NAME`
        (r"[SH](?=x*[EI])", ""),  # `spans the same dates`
        (r"S(?=[rpqx]*n)", "H"),
        (r"c[&,]e[rx]*[LE]|c[LE][&,]+e[LE]", "I"),  # `began and ended at the same time`
        (r"[EI]c[&,]*[EI]?e", "I"),  # `the same start and end`
        (r"x+[OE]|[OEI]x+", "I"),
        (r"[OE]([n&r]+)x", r"I\1"),  # `coincides with it exactly`
        ("O", "L"),
        (r"V[xr]*(?=[EI])", ""),  # `share the same dates`
        (r"V[&,]?L|L[&,]?V", "V"),
        (r"([LWV])[&,]?\1+", r"\1"),  # `simultaneously, at the same time`
        (r"L[&,]*U(?=n)|U[&,]*L(?=n)", "L"),
        (r"j?(d)[&,]*q?[te][te-]*(?=d)", r"\1t"),
        (r"[fjc]*f[fjc]*(?=d)", "f"),
        (r"[fjt]+(?=d[t-]d)|(?<=[rn])c(?=d[t-]d)", ""),
        (r"^([^nd]*)[UW](?=[fj]?d)", r"\1"),  # `during 1990 to 1995: ..`
        (r"^([^d]*)[UW](?=[fj]?d(?:[t-]d)?[^VLHEIBAUW]*n)", r"\1"),
        (r"[xS%]", ""),
    )
)


def symbols(body: str) -> str:
    """The symbols of a statement's words, in order; `?` for a word that is not known, `#` for a number."""
    return _together(VOCABULARY.read(_BRACKETS.sub(r"\1-\2", body) if "[" in body or "(" in body else body))


@lru_cache(maxsize=2**14)
def _together(signs: str) -> str:
    # `it is a case of ..` speaks of a class; `in this case, NAME ..` does not.
    signs = signs.replace("k", "" if "n" in signs else "R")
    signs = signs.replace("g", "?" if "n" in signs or "d" in signs else "")
    # The same rows of symbols come again and again, in other words.
    return _TOGETHER(signs)
