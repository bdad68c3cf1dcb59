using System.Globalization;
using System.Numerics;
using System.Text;
using Millrace.Connectors.Files.Formats;
using Millrace.DataStream;
using Millrace.Failures;
using Millrace.Serialization;

namespace Millrace.Connectors.Files;

[TestClass]
public sealed class CsvFormatTests
{
    private enum Color
    {
        Red,
        Green,
    }

    [Flags]
    private enum Rights
    {
        None = 0,
        Read = 1,
        Write = 2,
    }

    [TestMethod]
    public void A_counted_word_is_a_row_of_word_and_count() =>
        Assert.AreEqual("word,12\n", Csv(new Keyed<string, long>("word", 12)));

    [TestMethod]
    public void Columns_stand_in_the_order_of_declaration()
    {
        Assert.AreEqual("1,b,2.5\n", Csv(new Ordered(1, "b", 2.5)));
        Assert.AreEqual("1,2,3\n", Csv(new Derived { Base = 1, Hidden = 2, Own = 3 }));
        Assert.AreEqual("7,x\n", Csv(new Fields { Number = 7, Text = "x" }));
        Assert.AreEqual("1,2,3,4,5,6,7,8\n", Csv((1, 2, 3, 4, 5, 6, 7, 8)));
        Assert.AreEqual("1,x\n", Csv(Tuple.Create(1, "x")));
        Assert.AreEqual("1,x,true\n", Csv(new Keyed<(int, string), bool>((1, "x"), true)));
    }

    [TestMethod]
    public void A_lone_value_is_one_column()
    {
        Assert.AreEqual("x\n", Csv("x"));
        Assert.AreEqual("-9223372036854775808\n", Csv(long.MinValue));
        Assert.AreEqual("\"\"\n", Csv(""), "an empty line would be no row");
        Assert.AreEqual("\"\"\n", Csv<string?>(null));
        Assert.AreEqual("\"\"\n", Csv<int?>(null));
        Assert.AreEqual("3\n", Csv<int?>(3));
    }

    [TestMethod]
    public void Null_is_nothing_for_each_of_its_columns()
    {
        Assert.AreEqual(",,,,,5\n", Csv(new Nested(null, null, null, 5)));
        Assert.AreEqual("1,b,0.5,,,5\n", Csv(new Nested(new Ordered(1, "b", 0.5), null, null, 5)));
        Assert.AreEqual(",,\n", Csv<Ordered?>(null));
        Assert.AreEqual(",\n", Csv<(int, int)?>(null));
        Assert.AreEqual("1,2\n", Csv<(int, int)?>((1, 2)));
    }

    [TestMethod]
    public void Values_are_written_whatever_the_culture()
    {
        CultureInfo before = CultureInfo.CurrentCulture;
        CultureInfo german = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        german.NumberFormat.NumberDecimalSeparator = ",";
        german.NumberFormat.NegativeSign = "~";
        CultureInfo.CurrentCulture = german;
        try
        {
            Assert.AreEqual("-1.5,2.25,-7\n", Csv((-1.5, 2.25m, -7)));
            Assert.AreEqual("-3\n", Csv(new BigInteger(-3)));
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [TestMethod]
    public void Dates_truth_values_and_names_have_one_form()
    {
        Assert.AreEqual(
            "2026-03-04T05:06:07.0080000Z,2026-03-04T05:06:07.0000000+02:00,2026-03-04,05:06:07.0000000,1.02:03:04\n",
            Csv((
                new DateTime(2026, 3, 4, 5, 6, 7, 8, DateTimeKind.Utc),
                new DateTimeOffset(2026, 3, 4, 5, 6, 7, TimeSpan.FromHours(2)),
                new DateOnly(2026, 3, 4),
                new TimeOnly(5, 6, 7),
                new TimeSpan(1, 2, 3, 4))));
        Assert.AreEqual("true,false,Green,7\n", Csv((true, false, Color.Green, (Color)7)));
        Assert.AreEqual("Read,\"Read, Write\"\n", Csv((Rights.Read, Rights.Read | Rights.Write)));
        Assert.AreEqual(
            "00112233-4455-6677-8899-aabbccddeeff,x,NaN,1E+300\n",
            Csv((new Guid("00112233-4455-6677-8899-aabbccddeeff"), 'x', double.NaN, 1e300)));
    }

    [TestMethod]
    public void Whatever_text_is_written_a_parser_reads_it_back()
    {
        char[] alphabet = ['a', ',', '"', '\n', '\r', ' ', ';', 'ä', "😀"[0], "😀"[1]];
        Random random = new(1);
        List<(string, string, string)> rows = [];
        for (int i = 0; i < 2_000; i++)
        {
            rows.Add((Text(), Text(), Text()));
        }

        foreach (char separator in (char[])[',', ';', '\t', 'a'])
        {
            string text = Csv(rows, options => options.Separator = separator);
            List<string[]> parsed = CsvReference.Parse(text, separator);
            Assert.HasCount(rows.Count, parsed);
            for (int i = 0; i < rows.Count; i++)
            {
                CollectionAssert.AreEqual(new[] { rows[i].Item1, rows[i].Item2, rows[i].Item3 }, parsed[i], $"row {i}");
            }
        }

        string Text() => Wellformed(string.Concat(
            Enumerable.Range(0, random.Next(8)).Select(_ => alphabet[random.Next(alphabet.Length)])));
    }

    [TestMethod]
    public void A_separator_that_numbers_contain_has_them_quoted() =>
        Assert.AreEqual("\"1.5\".2.x\n", Csv([(1.5, 2, "x")], options => options.Separator = '.'));

    [TestMethod]
    public void A_long_field_grows_the_buffer()
    {
        string text = new('"', 300_000);
        Assert.AreEqual(text, CsvReference.Parse(Csv((1, text)))[0][1]);
    }

    [TestMethod]
    public void A_header_names_the_columns()
    {
        Assert.AreEqual("Id,Name,Price\n1,b,2.5\n", Csv([new Ordered(1, "b", 2.5)], options => options.Header = true));
        Assert.AreEqual(
            "Key.Item1,Key.Item2,Value\n", Csv<Keyed<(int, string), long>>([], options => options.Header = true));
        Assert.AreEqual("Value\n5\n", Csv([5], options => options.Header = true));
    }

    [TestMethod]
    public void A_type_without_usable_columns_is_refused_with_the_member()
    {
        Refuses<WithList>("WithList.Lines", "List<Int32>");
        Refuses<Keyed<string, int[]>>("Keyed<String, Int32[]>.Value", "Int32[]");
        Refuses<WithObject>("WithObject.Inner.Anything", "Object");
        Refuses<Recursive>("Recursive.Next", "contains itself");
        Refuses<Empty>("Empty", "no public properties or fields");
        Refuses<WithDelegate>("WithDelegate.Call", "Action");
        Refuses<object>("Object", "does not say");
        Refuses<IComparable>("IComparable", "does not say");
        Refuses<Dictionary<string, int>>("Dictionary<String, Int32>", "any number");
    }

    [TestMethod]
    public void Nothing_is_allocated_for_a_record()
    {
        IRecordFormat<Wide> format = new CsvFormat(new CsvSinkOptions()).For<Wide>()();
        using Utf8Buffer buffer = new(1 << 20);
        Wide[] records = [.. Enumerable.Range(0, 1_000).Select(i =>
            new Wide($"na,me {i}", i, i * 0.5, i % 2 == 0, Color.Green, DateTime.UnixEpoch, i, 'c'))];
        format.Append(buffer, records, int.MaxValue);
        buffer.Clear();

        long before = GC.GetAllocatedBytesForCurrentThread();
        format.Append(buffer, records, int.MaxValue);
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.IsLessThan(1_000L, allocated, "fewer bytes than records");
    }

    private static void Refuses<T>(params string[] parts)
    {
        InvalidProgramGraphException failure =
            Assert.ThrowsExactly<InvalidProgramGraphException>(() => FileSink.Csv("out").For<T>());
        foreach (string part in parts)
        {
            Assert.Contains(part, failure.Message);
        }

        Assert.StartsWith(parts[0] + ":", failure.Message);
    }

    private static string Csv<T>(T record) => Csv([record], _ => { });

    private static string Csv<T>(IReadOnlyList<T> records, Action<CsvSinkOptions> configure)
    {
        CsvSinkOptions options = new();
        configure(options);
        IRecordFormat<T> format = new CsvFormat(options).For<T>()();
        using Utf8Buffer buffer = new(16);
        format.Begin(buffer);
        T[] all = [.. records];
        Assert.AreEqual(all.Length, format.Append(buffer, all, int.MaxValue));
        return Encoding.UTF8.GetString(buffer.Written);
    }

    // Halves of surrogate pairs do not survive UTF-8, here as anywhere.
    private static string Wellformed(string text) => Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text));

    private sealed record Ordered(int Id, string Name, double Price);

    private sealed record Nested(Ordered? Order, int? Count, string? Note, int Last);

    private class Parent
    {
        public int Base { get; set; }

        public virtual int Hidden { get; set; }

        protected int Secret { get; set; } = 99;
    }

    private sealed class Derived : Parent
    {
        public static int Shared { get; set; } = 98;

        public override int Hidden { get; set; }

        public int Own { get; set; }

        [MillraceIgnore]
        public Action Cached => () => { };

        public int this[int index] => index + Secret;
    }

    private struct Fields
    {
        public int Number;
        public string Text;
    }

    private sealed record WithList(int Id, List<int> Lines);

    private sealed record WithObject(Inner Inner);

    private sealed record Inner(object Anything);

    private sealed record Recursive(int Id, Recursive? Next);

    private sealed record Empty;

    private sealed record WithDelegate(Action Call);

    private readonly record struct Wide(
        string Name, int Count, double Share, bool IsOn, Color Color, DateTime At, long? Maybe, char Letter);
}
