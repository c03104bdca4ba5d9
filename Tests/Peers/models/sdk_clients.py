# SPDX-License-Identifier: Apache-2.0
# Copyright (c) 2026 the MegaBot for Swift authors
"""The official SDKs as clients of the fake model providers.

Run as: sdk_clients.py PROVIDER BASE_URL, where the server's script is, in this order: a text, two tool calls, 401, 404, 429.
Prints one line per check and ends with status 0 only when all of them held.
"""
import json
import sys

TEXT = "Grüß dich, 世界"
ARGUMENTS = [("read_file", {"path": "ä.txt"}), ("list_files", {})]
SCHEMA = {"type": "object", "properties": {"path": {"type": "string"}}}
failures = []


def check(name, condition, seen):
    print(("ok   " if condition else "FAIL ") + name + ("" if condition else f": {seen!r}"))
    if not condition:
        failures.append(name)


def expect_error(name, kind, call):
    try:
        call()
    except kind as error:
        check(name, True, error)
    except Exception as error:  # any other kind is the finding
        check(name, False, error)
    else:
        check(name, False, "no error")


def openai_checks(base):
    import openai

    client = openai.OpenAI(api_key="k-secret", base_url=base + "/v1", max_retries=0)
    asked = [{"role": "system", "content": "Be brief."}, {"role": "user", "content": "Hi"}]
    tools = [{"type": "function", "function": {"name": name, "parameters": SCHEMA}} for name, _ in ARGUMENTS]

    text, usage, finish = "", None, None
    for chunk in client.chat.completions.create(
        model="test-model", messages=asked, stream=True, stream_options={"include_usage": True}
    ):
        usage = chunk.usage or usage
        for choice in chunk.choices:
            text += choice.delta.content or ""
            finish = choice.finish_reason or finish
    check("streamed text", text == TEXT, text)
    check("usage", usage and (usage.prompt_tokens, usage.prompt_tokens_details.cached_tokens) == (20, 4), usage)
    check("finish reason", finish == "stop", finish)

    calls = {}
    for chunk in client.chat.completions.create(model="test-model", messages=asked, tools=tools, stream=True):
        for choice in chunk.choices:
            for part in choice.delta.tool_calls or []:
                call = calls.setdefault(part.index, {"name": "", "arguments": ""})
                call["name"] += part.function.name or ""
                call["arguments"] += part.function.arguments or ""
    seen = [(calls[i]["name"], json.loads(calls[i]["arguments"])) for i in sorted(calls)]
    check("streamed tool calls", seen == ARGUMENTS, seen)

    ask = lambda: client.chat.completions.create(model="test-model", messages=asked)
    expect_error("401", openai.AuthenticationError, ask)
    expect_error("404", openai.NotFoundError, ask)
    expect_error("429", openai.RateLimitError, ask)
    check("list of models", [m.id for m in client.models.list()] == ["test-model"], None)


def anthropic_checks(base):
    import anthropic

    client = anthropic.Anthropic(api_key="k-secret", base_url=base, max_retries=0)
    common = {"model": "test-model", "max_tokens": 100, "messages": [{"role": "user", "content": "Hi"}]}
    tools = [{"name": name, "input_schema": SCHEMA} for name, _ in ARGUMENTS]

    with client.messages.stream(**common) as stream:
        text = "".join(stream.text_stream)
        final = stream.get_final_message()
    check("streamed text", text == TEXT, text)
    check("usage", (final.usage.input_tokens, final.usage.cache_read_input_tokens) == (16, 4), final.usage)
    check("stop reason", final.stop_reason == "end_turn", final.stop_reason)

    with client.messages.stream(tools=tools, **common) as stream:
        final = stream.get_final_message()
    seen = [(block.name, block.input) for block in final.content if block.type == "tool_use"]
    check("streamed tool calls", seen == ARGUMENTS, seen)

    ask = lambda: client.messages.create(**common)
    expect_error("401", anthropic.AuthenticationError, ask)
    expect_error("404", anthropic.NotFoundError, ask)
    expect_error("429", anthropic.RateLimitError, ask)
    check("list of models", [m.id for m in client.models.list()] == ["test-model"], None)


def ollama_checks(base):
    import ollama

    client = ollama.Client(host=base, headers={"Authorization": "Bearer k-secret"})
    asked = [{"role": "user", "content": "Hi"}]
    tools = [{"type": "function", "function": {"name": name, "description": "", "parameters": SCHEMA}} for name, _ in ARGUMENTS]

    parts = list(client.chat(model="test-model", messages=asked, stream=True))
    text = "".join(part.message.content or "" for part in parts)
    check("streamed text", text == TEXT, text)
    check("usage", (parts[-1].prompt_eval_count, parts[-1].done_reason) == (20, "stop"), parts[-1])

    calls = []
    for part in client.chat(model="test-model", messages=asked, tools=tools, stream=True):
        calls += part.message.tool_calls or []
    seen = [(call.function.name, dict(call.function.arguments)) for call in calls]
    check("streamed tool calls", seen == ARGUMENTS, seen)

    for status in (401, 404, 429):
        try:
            client.chat(model="test-model", messages=asked)
            check(str(status), False, "no error")
        except ollama.ResponseError as error:
            check(str(status), error.status_code == status, error)
    check("list of models", [m.model for m in client.list().models] == ["test-model:latest"], None)


{"openAI": openai_checks, "anthropic": anthropic_checks, "ollama": ollama_checks}[sys.argv[1]](sys.argv[2])
sys.exit(1 if failures else 0)
