using System.Text;

namespace Millrace.Examples.Nexmark.Oracle;

/// <summary>The number of rows and the sum of their hashes.</summary>
/// <param name="Rows">How many.</param>
/// <param name="Hash">Sum of the 64-bit FNV-1a hashes of the rows in UTF-8, modulo 2 to the 64th.</param>
internal readonly record struct RowHash(long Rows, ulong Hash)
{
    public static RowHash Of(IEnumerable<string> rows) => rows.Aggregate(
        default(RowHash), (sum, row) => new RowHash(sum.Rows + 1, unchecked(sum.Hash + HashOf(row))));

    public static ulong HashOf(string row) => Encoding.UTF8.GetBytes(row).Aggregate(
        14_695_981_039_346_656_037UL, (hash, next) => unchecked((hash ^ next) * 1_099_511_628_211UL));

    public override string ToString() => $"rows={Rows} hash={Hash:x16}";
}
