"""The model that drafts summaries: whether its endpoint answers, takes the key and knows the model."""

import asyncio
from collections.abc import Mapping, Sequence

from bot.clear_text import STAYS_HERE, way_of
from bot.doctor.finding import Check, Finding
from bot.doctor.visit import Visit
from bot.model.answer import answer_in
from bot.model.endpoint import Endpoint
from bot.model.no_draft import NoDraft, NoDraftError
from bot.model.prompt import Message
from bot.summary_tables import ModelConfig

AREA = "summary"
_ENDPOINT = Check(AREA, "endpoint")
_KEY = Check(AREA, "key")
_QUESTION: list[Message] = [{"role": "user", "content": "Answer with the one word: ready"}]
_EARLIER = 0.9
"""Of the visit's patience: what is too slow is said in words of our own."""


async def summary_findings(visit: Visit, environment: Mapping[str, str]) -> list[Finding]:
    """Ask the model for one word; nothing where no model is configured. No answer's words are repeated."""
    model = visit.config.summary.llm
    if model is None:
        return []
    key = environment.get(model.key_env, "").strip() if model.key_env else ""
    if model.key_env and not key:
        return [_ENDPOINT.skipped("there is no key to ask with")]
    return [*_clear_key(model), *await visit.look(_ENDPOINT, lambda: _one_word(visit, model, key))]


def _clear_key(model: ModelConfig) -> Sequence[Finding]:
    """Find a key that would travel where others can read it."""
    if not model.key_env or way_of(model.url) == STAYS_HERE:
        return []
    said = "the key travels unencrypted to another machine"
    return [
        _KEY.warning(said, "Write https:// in summary.llm.url, or put a proxy that speaks TLS before it.")
    ]


async def _one_word(visit: Visit, model: ModelConfig, key: str) -> Sequence[Finding]:
    endpoint = Endpoint(model, key)
    patience = min(model.seconds, visit.seconds * _EARLIER)
    began = asyncio.get_running_loop().time()
    try:
        async with asyncio.timeout(patience):
            answer_in(await _asked(endpoint))
    except TimeoutError:
        return [_slow(model, patience)]
    except NoDraftError as none:
        return [_finding_of(none.reason, model)]
    finally:
        await endpoint.close()
    took = asyncio.get_running_loop().time() - began
    return [_ENDPOINT.fine(f"{model.model} answers in {took:.1f} s; a draft may take {model.seconds:g} s")]


async def _asked(endpoint: Endpoint) -> bytes:
    """Ask again where the endpoint says which parameter it does not take."""
    for _ in range(2):
        try:
            return await endpoint.ask(_QUESTION)
        except NoDraftError as none:
            if not none.otherwise:
                raise
    return await endpoint.ask(_QUESTION)


def _slow(model: ModelConfig, patience: float) -> Finding:
    """Warn where a draft has longer than a check; a model that was loaded is quicker the next time."""
    said = f"no answer within {patience:g} s"
    cure = "Try again: it may have had to be loaded. Else take a smaller model, or raise summary.llm.seconds."
    return _ENDPOINT.wrong(said, cure) if patience >= model.seconds else _ENDPOINT.warning(said, cure)


def _finding_of(reason: NoDraft, model: ModelConfig) -> Finding:
    match reason:
        case NoDraft.DENIED:
            cure = f"Put a key that it knows into the environment variable {model.key_env or 'of key_env'}."
            if not model.key_env:
                cure = "Name the environment variable that holds its key in summary.llm.key_env."
            return _ENDPOINT.wrong("it does not accept the key", cure)
        case NoDraft.UNKNOWN:
            said = f"it knows no model {model.model}, or summary.llm.url is not its address"
            return _ENDPOINT.wrong(
                said, "The endpoint's /models lists what it has; the url often ends in /v1."
            )
        case NoDraft.UNREACHABLE:
            cure = "Look whether it runs, and whether host and port in summary.llm.url are right."
            return _ENDPOINT.wrong("it cannot be reached", cure)
        case NoDraft.BUSY:
            said = "it takes no more requests now"
            return _ENDPOINT.warning(said, "Wait, or raise the limits of your account there.")
        case NoDraft.EMPTY | NoDraft.REFUSED:
            cure = "Raise summary.llm.output_tokens: a model that thinks aloud needs more."
            return _ENDPOINT.warning("it answers without words", cure)
        case _:
            said = "it answers with an error, or in a form that is not that of /chat/completions"
            return _ENDPOINT.wrong(said, "Compare summary.llm.url and summary.llm.model with its own pages.")
