"""The four tokenizers that our count is held against."""
import os

FOLDER = os.environ["TOKENIZERS"]
os.environ["TIKTOKEN_CACHE_DIR"] = FOLDER

import tiktoken  # noqa: E402
from tokenizers import Tokenizer  # noqa: E402

CL100K = tiktoken.get_encoding("cl100k_base")
O200K = tiktoken.get_encoding("o200k_base")
ANTHROPIC = Tokenizer.from_file(os.path.join(FOLDER, "anthropic_tokenizer.json"))
DEEPSEEK = Tokenizer.from_file(os.path.join(FOLDER, "deepseek_tokenizer.json"))


def counts(text):
    return {
        "cl100k": len(CL100K.encode(text, disallowed_special=())),
        "o200k": len(O200K.encode(text, disallowed_special=())),
        "anthropic": len(ANTHROPIC.encode(text).ids),
        "deepseek": len(DEEPSEEK.encode(text, add_special_tokens=False).ids),
    }


def most(text):
    return max(counts(text).values())
