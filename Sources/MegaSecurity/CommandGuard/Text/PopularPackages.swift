// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

/// A few names that are imitated because many install them. Which packages exist is no business of these lists.
enum PopularPackages {
    static let python: Set<String> = [
        "requests", "numpy", "pandas", "scipy", "django", "flask", "fastapi", "pytest", "boto3", "botocore", "urllib3", "setuptools", "certifi",
        "cryptography", "pillow", "matplotlib", "sqlalchemy", "tensorflow", "torch", "pytorch", "transformers", "scikit-learn", "beautifulsoup4",
        "selenium", "paramiko", "pydantic", "aiohttp", "httpx", "celery", "redis", "psycopg2", "jinja2", "pyyaml", "colorama", "openai",
        "anthropic", "langchain", "ansible", "jupyter", "notebook", "virtualenv", "poetry", "black", "mypy", "uvicorn", "gunicorn", "starlette",
        "websockets", "click", "typer", "idna", "charset-normalizer", "python-dateutil", "dateutil",
    ]

    static let script: Set<String> = [
        "express", "react", "react-dom", "lodash", "axios", "chalk", "commander", "webpack", "typescript", "eslint", "prettier", "jquery",
        "moment", "mongoose", "socket.io", "next", "vue", "angular", "electron", "puppeteer", "playwright", "nodemon", "cross-env", "dotenv",
        "debug", "async", "request", "underscore", "bluebird", "yargs", "minimist", "uuid", "rimraf", "mocha", "chai", "jest", "vite", "rollup",
        "esbuild", "babel", "tslib", "rxjs", "redux", "graphql", "ethers", "web3", "passport", "bcrypt", "jsonwebtoken", "body-parser", "cors",
        "event-stream", "colors", "faker", "ua-parser-js", "node-fetch", "svelte", "tailwindcss", "postcss", "fastify", "preact",
    ]

    static let rust: Set<String> = [
        "serde", "tokio", "ripgrep", "rand", "clap", "regex", "anyhow", "hyper", "reqwest", "actix-web", "diesel", "bindgen", "rayon",
        "crossbeam", "chrono", "tracing", "futures", "cargo-edit", "cargo-watch", "rustdecimal", "rust_decimal", "wasm-pack", "tauri-cli",
    ]

    static let repositories: Set<String> = [
        "torvalds/linux", "git/git", "microsoft/vscode", "microsoft/typescript", "facebook/react", "vuejs/vue", "angular/angular",
        "tensorflow/tensorflow", "pytorch/pytorch", "kubernetes/kubernetes", "docker/compose", "moby/moby", "golang/go", "rust-lang/rust",
        "python/cpython", "nodejs/node", "ohmyzsh/ohmyzsh", "apple/swift", "swiftlang/swift", "django/django", "pallets/flask", "psf/requests",
        "ansible/ansible", "hashicorp/terraform", "grafana/grafana", "prometheus/prometheus", "redis/redis", "postgres/postgres",
        "openssl/openssl", "curl/curl", "nginx/nginx", "neovim/neovim", "vim/vim", "homebrew/brew", "nvm-sh/nvm", "pyenv/pyenv",
        "huggingface/transformers", "openai/codex", "anthropics/claude-code", "langchain-ai/langchain", "ollama/ollama", "ggerganov/llama.cpp",
        "bitcoin/bitcoin", "ethereum/go-ethereum", "electron/electron", "laravel/laravel", "rails/rails", "expressjs/express", "vercel/next.js",
        "tailwindlabs/tailwindcss", "elastic/elasticsearch", "apache/spark", "apache/kafka", "home-assistant/core", "scikit-learn/scikit-learn",
    ]
}
