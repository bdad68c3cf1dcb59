using System.Text.Json.Serialization;

namespace Millrace.Contests;

/// <summary>A record of numbers, a time and texts of 10, 60 and 40 characters: 142 bytes of values.</summary>
internal sealed record Sale(long Id, long Customer, long Price, string Channel, string Url, DateTime At, string Name)
{
    /// <summary>Records of which no two are alike, always the same ones.</summary>
    public static Sale[] Many(int count)
    {
        var random = new Random(20_261_127);
        return
        [
            .. Enumerable.Range(0, count).Select(i => new Sale(
                i, random.NextInt64(), random.Next(), Text(10), Text(60), DateTime.UnixEpoch.AddSeconds(i), Text(40))),
        ];

        string Text(int length) =>
            string.Create(length, random, (text, source) => source.GetItems("abcdefghijklmnopqrstuvwxyz /-0", text));
    }
}

/// <summary>What the JSON serializer of the framework generates for <see cref="Sale"/> at compile time.</summary>
[JsonSerializable(typeof(Sale))]
internal sealed partial class SaleJson : JsonSerializerContext;
