extension EarlierVariable {
    private static let voice = "voice notes are not there yet"
    private static let speech = "spoken answers are not there yet"
    private static let images = "making images is not there yet"
    private static let moderation = "checking prompts with a moderation service is not there yet"

    /// Those of the original; the fork has most of them too.
    static let original: [EarlierVariable] = [
        .kept(
            "OPENAI_API_KEY", .both,
            "several keys with commas between become OPENAI_API_KEYS; the placeholder of the example file is left out"),
        .kept("OPENAI_API_KEYS", .both, "used in turn; wins over OPENAI_API_KEY, as before"),
        .kept("OPENAI_GPT_MODEL", .both, "a model that OpenAI has switched off becomes its successor"),
        EarlierVariable(
            name: "OPENAI_MODEL", bots: .original, fate: .renamed("OPENAI_GPT_MODEL"),
            remark: "pages of the original call it so, its code never read it"),
        .kept(
            "MAX_MODEL_TOKENS", .both,
            "how much of pre-prompt, conversation and question is sent, at least 256; MAX_OUTPUT_TOKENS limits the "
                + "answer"),
        .kept("PRE_PROMPT", .both),
        .kept("PREFIX_ENABLED", .both, "when it is missing, true is written, as it was; our default is false"),
        .kept(
            "PREFIX_SKIPPED_FOR_ME", .both,
            "in the chat of the account's owner with themselves, which is answered with WHATSAPP_WEB_SELF_CHAT=on"),
        .ignored("NOPREFIX_IS_GPT", .original, "texts without a prefix go to the model when PREFIX_ENABLED is false"),
        .kept("GPT_PREFIX", .both, "!gpt and /gpt work beside it"),
        .kept("RESET_PREFIX", .both, "!reset and /reset work beside it"),
        .kept("AI_CONFIG_PREFIX", .both, "!config and /config work beside it"),
        .ignored("DALLE_PREFIX", .both, images),
        .ignored("STABLE_DIFFUSION_PREFIX", .original, images),
        .ignored("HUGGINGFACE_API_TOKEN", .both, images),
        .ignored("LANGCHAIN_PREFIX", .original, "searching the web (!lang) is not there yet"),
        .ignored("SERPAPI_API_KEY", .both, "searching the web (!lang) is not there yet"),
        .kept(
            "GROUPCHATS_ENABLED", .both,
            "when it is missing, false is written, as it was; our default is true. In groups the bot answers "
                + "only when it is addressed (GROUP_ACTIVATION)"),
        .kept("WHITELISTED_ENABLED", .both, "true with an empty list lets everybody in, as before"),
        .kept(
            "WHITELISTED_PHONE_NUMBERS", .both,
            "with or without @c.us, or +; groups (@g.us) are refused: an admin sends !allow group there"),
        .ignored("PROMPT_MODERATION_ENABLED", .both, moderation),
        .ignored("PROMPT_MODERATION_BLACKLISTED_CATEGORIES", .both, moderation),
        .ignored("TRANSCRIPTION_ENABLED", .both, voice),
        .ignored("TRANSCRIPTION_MODE", .both, voice),
        .ignored("TRANSCRIPTION_LANGUAGE", .both, voice),
        .ignored("OPENAI_API_URL", .both, "\(voice); the model's server is OPENAI_BASE_URL"),
        .ignored("WHISPER_API_URL", .both, voice),
        .ignored("WHISPER_API_KEY", .both, voice),
        .ignored("SPEECH_API_URL", .both, "voice notes and spoken answers are not there yet"),
        .ignored("TTS_ENABLED", .both, speech),
        .ignored("TTS_MODE", .both, speech),
        .ignored("TTS_PROVIDER", .original, "\(speech); pages of the original call TTS_MODE so"),
        .ignored("TTS_TRANSCRIPTION_RESPONSE_ENABLED", .original, voice),
        .ignored("AWS_ACCESS_KEY_ID", .both, speech),
        .ignored("AWS_SECRET_ACCESS_KEY", .both, speech),
        .ignored("AWS_REGION", .both, speech),
        .ignored("AWS_POLLY_VOICE_ID", .both, speech),
        .ignored("AWS_POLLY_VOICE_ENGINE", .both, speech),
    ]
}
