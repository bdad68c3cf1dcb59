namespace Millrace.Repository;

/// <summary>One place that breaks a rule.</summary>
/// <param name="Path">The file, from the repository's root, with forward slashes.</param>
/// <param name="Line">Counted from 1; 0 when the file as a whole is meant.</param>
/// <param name="Message">What is wrong and what to do instead.</param>
internal sealed record Finding(string Path, int Line, string Message)
{
    public override string ToString() => Line == 0 ? $"{Path}: {Message}" : $"{Path}:{Line}: {Message}";
}
