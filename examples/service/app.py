"""A service that checks outputs without gold: POST /check. Start it with `uvicorn app:app` in this folder."""

from typing import Annotated, Any, Literal

from fastapi import Depends, FastAPI, HTTPException, Request
from pydantic import BaseModel

import tracekd

MOST_BYTES = 1_000_000
app = FastAPI(title="Is this output coherent, and does its answer follow?")


class Asked(BaseModel):
    """What was asked, and the raw output of the model."""

    task: str
    context: list[str]
    question: str
    text: str
    finish: Literal["stop", "length"] = "stop"
    trace: Literal["template", "free", "auto"] = "template"


async def read(request: Request) -> Asked:
    """The body, at most 1 MB. Whatever is wrong with it is told without repeating it."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > MOST_BYTES:
            raise HTTPException(413, f"the body has more than {MOST_BYTES:,} bytes")
    try:
        return Asked.model_validate_json(body)
    except ValueError:
        raise HTTPException(422, f"expected JSON with {', '.join(Asked.model_fields)}") from None


@app.post("/check")
def check(asked: Annotated[Asked, Depends(read)]) -> dict[str, Any]:
    """The check, and whether the output passes it."""
    try:
        checked = tracekd.check(**asked.model_dump())
    except tracekd.UserError as error:
        raise HTTPException(422, str(error)) from None
    return {"passes": checked.passes, **checked.model_dump()}
