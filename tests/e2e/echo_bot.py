"""The least bot there can be: it shows that the harness works, and nothing of the product."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any

from aiohttp import ClientSession, web

Activity = dict[str, Any]

CARD_TYPE = "application/vnd.microsoft.card.adaptive"


def a_form() -> Activity:
    inputs: list[Activity] = [
        {
            "type": "Input.ChoiceSet",
            "id": "reason",
            "label": "Reason",
            "isRequired": True,
            "errorMessage": "Choose a reason",
            "choices": [{"title": "Ill health", "value": "ill_health"}, {"title": "Other", "value": "other"}],
        },
        {
            "type": "Input.ChoiceSet",
            "id": "grade",
            "label": "Grade",
            "style": "expanded",
            "choices": [{"title": "Good", "value": "good"}, {"title": "Inadequate", "value": "inadequate"}],
        },
        {"type": "Input.Date", "id": "due", "label": "Due"},
        {"type": "Input.Number", "id": "days", "label": "Days"},
        {"type": "Input.Toggle", "id": "seen", "title": "Seen", "valueOn": "yes", "valueOff": "no"},
        {"type": "Input.Text", "id": "note", "label": "Explanation", "isMultiline": True},
    ]
    heading = {"type": "TextBlock", "text": "A form", "weight": "Bolder", "wrap": True}
    send = {"type": "Action.Execute", "title": "Send", "verb": "form.send", "data": {"ref": "E-1"}}
    return {"type": "AdaptiveCard", "version": "1.5", "body": [heading, *inputs], "actions": [send]}


def a_note(text: str) -> Activity:
    return {
        "type": "AdaptiveCard",
        "version": "1.5",
        "body": [{"type": "TextBlock", "text": text, "wrap": True}],
    }


class EchoBot:
    """Says what it hears, shows a form when asked for one, and keeps what the form sent in `sent`."""

    def __init__(self, session: ClientSession) -> None:
        self._session = session
        self.homes: dict[str, str] = {}
        self.sent: Activity = {}

    async def take(self, request: web.Request) -> web.Response:
        activity: Activity = await request.json()
        home = f"{activity['serviceUrl']}/v3/conversations/{activity['conversation']['id']}/activities"
        self.homes[activity["from"]["aadObjectId"]] = home
        if activity["type"] == "invoke":
            self.sent = activity["value"]["action"]["data"]
            return web.json_response(
                {"statusCode": 200, "type": CARD_TYPE, "value": a_note("Thank you, E-1 is sent")}
            )
        if activity["type"] == "message":
            await self._answer(home, activity["text"])
        return web.Response()

    async def tell(self, aad_object_id: str, text: str) -> None:
        """Without being asked, as the delivery worker does."""
        await self._post(self.homes[aad_object_id], {"type": "message", "text": text})

    async def _answer(self, home: str, text: str) -> None:
        form = {"contentType": CARD_TYPE, "content": a_form()}
        await self._post(
            home,
            {"type": "message", "attachments": [form]}
            if "form" in text
            else {"type": "message", "text": f"You said: {text}"},
        )

    async def _post(self, home: str, activity: Activity) -> None:
        async with self._session.post(home, json=activity) as response:
            response.raise_for_status()


@asynccontextmanager
async def an_echo_bot() -> AsyncGenerator[tuple[EchoBot, str]]:
    """The bot and the address of its `/api/messages`."""
    async with ClientSession() as session:
        bot = EchoBot(session)
        app = web.Application()
        app.router.add_post("/api/messages", bot.take)
        runner = web.AppRunner(app)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        try:
            yield bot, f"http://127.0.0.1:{runner.addresses[0][1]}/api/messages"
        finally:
            await runner.cleanup()
