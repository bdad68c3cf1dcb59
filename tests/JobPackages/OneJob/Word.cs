namespace OneJob;

public sealed record Word(string Text);
