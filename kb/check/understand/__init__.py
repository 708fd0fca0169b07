"""From the words of a page to what they claim: units, names, wording, type, subject; claims the engine can judge."""
