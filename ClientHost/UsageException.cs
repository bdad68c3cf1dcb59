namespace Millrace;

/// <summary>The command line is wrong in a way its parser cannot see.</summary>
/// <param name="message">Names the word, and what is needed.</param>
internal sealed class UsageException(string message) : Exception(message);
