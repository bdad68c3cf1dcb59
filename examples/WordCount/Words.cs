using System.Buffers;
using System.Text;
using Millrace.Functions;

namespace Millrace.Examples;

/// <summary>The words of a line: maximal runs of the letters A-Z and a-z, in lower case. Anything else
/// separates.</summary>
public sealed class Words : IFlatMapFunction<string, string>
{
    private static readonly SearchValues<char> Letters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");

    public void FlatMap(string line, ICollector<string> words)
    {
        ReadOnlySpan<char> rest = line;
        for (int start = rest.IndexOfAny(Letters); start >= 0; start = rest.IndexOfAny(Letters))
        {
            rest = rest[start..];
            int end = rest.IndexOfAnyExcept(Letters);
            ReadOnlySpan<char> word = end < 0 ? rest : rest[..end];
            words.Emit(string.Create(word.Length, word, static (lower, word) => Ascii.ToLower(word, lower, out _)));
            rest = rest[word.Length..];
        }
    }
}
