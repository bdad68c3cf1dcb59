namespace Millrace.Programs;

/// <summary>A job asked for an argument that was not given.</summary>
[GenerateSerializer, Alias("millrace.MissingArgumentException")]
public sealed class MissingArgumentException : JobArgumentException
{
    /// <summary>Creates the error.</summary>
    /// <param name="name">Name of the argument, without dashes.</param>
    /// <param name="message">Names the argument and those that were given.</param>
    public MissingArgumentException(string name, string message)
        : base(name, message)
    {
    }
}
