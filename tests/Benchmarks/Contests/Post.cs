using System.Text;
using Millrace.Running;

namespace Millrace.Contests;

/// <summary>A record with two strings.</summary>
internal readonly record struct Post(long Id, string Name, string Text, long Time)
{
    private const int Records = 640;

    /// <summary>Always the same ones: names of 10 to 20 characters, texts of 40 to 60.</summary>
    public static Post[] Input { get; } = Many();

    /// <summary>Bytes of a record by itself: its numbers, and its strings in UTF-8.</summary>
    public int Bytes => (2 * sizeof(long)) + Encoding.UTF8.GetByteCount(Name) + Encoding.UTF8.GetByteCount(Text);

    private static Post[] Many()
    {
        var random = new Random(20_261_127);
        return
        [
            .. Enumerable.Range(0, Records).Select(i => new Post(i, Letters(10, 20), Letters(40, 60), i * 7L)),
        ];

        string Letters(int least, int most) => new(random.GetItems<char>(
            "abcdefghijklmnopqrstuvwxyz ABCDEFGHIJKLMNOPQRSTUVWXYZ", random.Next(least, most + 1)));
    }

    /// <summary>What is added up; every string is looked at.</summary>
    internal readonly struct ValueOf : INumberOf<Post>
    {
        public long Of(in Post record) => record.Id + record.Name.Length + record.Text[^1];
    }
}
