namespace Millrace;

/// <summary>What a command answered.</summary>
/// <param name="Code">Its exit code.</param>
/// <param name="Output">What it printed.</param>
/// <param name="Error">What it printed as errors.</param>
internal sealed record Said(int Code, string Output, string Error)
{
    /// <summary>Runs the millrace command in this process.</summary>
    public static Task<Said> ByAsync(params string[] words) => ByAsync(CancellationToken.None, words);

    /// <summary>Runs the millrace command in this process.</summary>
    /// <param name="cancellationToken">As Ctrl-C does.</param>
    /// <param name="words">Its words.</param>
    public static async Task<Said> ByAsync(CancellationToken cancellationToken, params string[] words)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        int code = await new CommandLine(TextWriter.Synchronized(output), TextWriter.Synchronized(error))
            .RunAsync(words, cancellationToken);
        return new Said(code, output.ToString(), error.ToString());
    }

    /// <summary>Fails unless the exit code is this, and shows all that was said.</summary>
    public Said WithCode(int code)
    {
        Assert.AreEqual(code, Code, ToString());
        return this;
    }

    public override string ToString() => $"exit code {Code}\n--- output\n{Output}\n--- error\n{Error}";
}
