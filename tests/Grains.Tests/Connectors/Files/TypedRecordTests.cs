using System.Text.Json;
using Millrace.DataStream;
using Millrace.Failures;

namespace Millrace.Connectors.Files;

[TestClass]
public sealed class TypedRecordTests : IDisposable
{
    private static readonly Order[] Orders =
    [
        new(1, "plain", 1.5m, new DateTime(2026, 1, 2, 3, 4, 5), Kind.Small, new Place("a,b", 5), null),
        new(-2, "with \"quotes\"\r\nand lines", 1e-9m, DateTime.UnixEpoch, Kind.Large, new Place("", null), 7.25),
        new(int.MaxValue, "ä, 漢, 🙂", decimal.MaxValue, DateTime.MaxValue, Kind.Small, new Place("x", -1), 0.1),
    ];

    private readonly TemporaryDirectory _directory = new();

    public enum Kind
    {
        Small,
        Large,
    }

    public void Dispose() => _directory.Dispose();

    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public async Task What_the_csv_sink_writes_is_what_the_source_reads(bool header)
    {
        await new SinkRun<Order>(FileSink.Csv<Order>(_directory.FullPath, options => options.Header = header))
            .RunAsync(Orders);

        Order[] read = [.. await ReadAsync(FileSource.ReadCsv<Order>(
            _directory.FullPath, options => options.Header = header))];

        CollectionAssert.AreEqual(Orders, read);
    }

    [TestMethod]
    public async Task What_the_json_sink_writes_is_what_the_source_reads()
    {
        await new SinkRun<Order>(FileSink.Json<Order>(_directory.FullPath)).RunAsync(Orders);
        CollectionAssert.AreEqual(Orders, (await ReadAsync(FileSource.ReadJson<Order>(_directory.FullPath))).ToArray());
    }

    [TestMethod]
    public async Task Changes_are_written_as_their_kinds_and_rows()
    {
        Change<Named>[] changes =
        [
            Change<Named>.Insert(new(1, "a")), Change<Named>.UpdateBefore(new(1, "a")),
            Change<Named>.UpdateAfter(new(1, "b")), Change<Named>.Delete(new(1, "b")),
        ];
        string csv = _directory["csv"];
        await new SinkRun<Change<Named>>(FileSink.Csv<Change<Named>>(csv, options => options.Header = true))
            .RunAsync(changes);
        string json = _directory["json"];
        await new SinkRun<Change<Named>>(FileSink.Json<Change<Named>>(json)).RunAsync(changes);

        StringAssert.StartsWith(
            File.ReadAllText(Directory.GetFiles(csv).Single()), "Kind,Row.Number,Row.Name\nInsert,1,a\n");
        CollectionAssert.AreEqual(
            changes,
            (await ReadAsync(FileSource.ReadCsv<Change<Named>>(csv, options => options.Header = true))).ToArray());
        CollectionAssert.AreEqual(changes, (await ReadAsync(FileSource.ReadJson<Change<Named>>(json))).ToArray());
        Assert.DoesNotContain("IsRetraction", File.ReadAllText(Directory.GetFiles(json).Single()));
    }

    [TestMethod]
    public async Task Columns_are_found_by_their_names()
    {
        _directory.Write("f", "other,NAME,number\nx,first,1\ny,\"\",2\n");

        Named[] read = [.. await ReadAsync(FileSource.ReadCsv<Named>(
            _directory.FullPath, options => options.Header = true))];

        CollectionAssert.AreEqual(new Named[] { new(1, "first"), new(2, "") }, read);
    }

    [TestMethod]
    public async Task Plain_values_tuples_and_settable_classes_are_read()
    {
        string path = _directory.Write("f", "5\n-6\n");
        CollectionAssert.AreEqual(new[] { 5L, -6L }, (await ReadAsync(FileSource.ReadCsv<long>(path))).ToArray());
        path = _directory.Write("g", "5;a\n");
        CollectionAssert.AreEqual(
            new[] { (5, "a") },
            (await ReadAsync(FileSource.ReadCsv<(int, string)>(path, options => options.Separator = ';'))).ToArray());
        Settable settable = (await ReadAsync(FileSource.ReadCsv<Settable>(
            path, options => options.Separator = ';')))[0];
        Assert.AreEqual((5, "a"), (settable.Number, settable.Name));
    }

    [TestMethod]
    [DataRow("1,a\nx,b\n", "line 2, column 1 ('Number'): 'x' is no Int32")]
    [DataRow("1,a\n1.5,b\n", "line 2, column 1 ('Number'): '1.5' is no Int32")]
    [DataRow("1,\"a\nb\"\n2\n", "line 3: the row has 1 fields, 2 are needed: Number, Name")]
    [DataRow("1,a\"b\n", "line 1, column 2: a quote stands in a field")]
    [DataRow("1,a\"\"b\n", "line 1, column 2: a quote stands in a field")]
    [DataRow("1,\"a\"b\n", "line 1, column 2: something follows the quote")]
    [DataRow("1,\"a\n", "line 1, column 2: the quote at the end of the field is missing")]
    public async Task An_error_in_csv_names_file_line_and_column(string text, string expected)
    {
        string path = _directory.Write("f.csv", text);
        var failure = await Assert.ThrowsExactlyAsync<FileReadException>(
            () => ReadAsync(FileSource.ReadCsv<Named>(path)));
        Assert.Contains(path, failure.Message);
        Assert.Contains(expected, failure.Message);
        Assert.AreEqual(Recovery.Fail, failure.Recovery);
    }

    [TestMethod]
    public async Task A_header_without_a_column_is_an_error()
    {
        string path = _directory.Write("f.csv", "Number,Title\n1,a\n");
        var failure = await Assert.ThrowsExactlyAsync<FileReadException>(
            () => ReadAsync(FileSource.ReadCsv<Named>(path, options => options.Header = true)));
        Assert.Contains("line 1: the header has no column 'Name'; it has 'Number', 'Title'.", failure.Message);
    }

    [TestMethod]
    [DataRow("Number,Name\n1,a\n2\n", "line 3: the row has 1 fields, 2 are needed: the header has as many.")]
    [DataRow("Name,x,Number\nb,,1\na,,2,3\n", "line 3: the row has 4 fields, 3 are needed")]
    public async Task A_row_with_more_or_fewer_fields_than_the_header_is_an_error(string text, string expected)
    {
        string path = _directory.Write("f.csv", text);
        var failure = await Assert.ThrowsExactlyAsync<FileReadException>(
            () => ReadAsync(FileSource.ReadCsv<Named>(path, options => options.Header = true)));
        Assert.Contains(expected, failure.Message);
    }

    [TestMethod]
    public async Task A_byte_order_mark_is_no_part_of_the_first_name_or_value()
    {
        string header = _directory.Write("h.csv", "\uFEFF\"Number\",Name\r\n1,a\r\n");
        string plain = _directory.Write("p.csv", "\uFEFF2,b\n");
        string json = _directory.Write("j.jsonl", "\uFEFF{\"Number\":3,\"Name\":\"c\"}\r\n");

        CollectionAssert.AreEqual(
            new Named[] { new(1, "a") },
            (await ReadAsync(FileSource.ReadCsv<Named>(header, options => options.Header = true))).ToArray());
        CollectionAssert.AreEqual(
            new Named[] { new(2, "b") }, (await ReadAsync(FileSource.ReadCsv<Named>(plain))).ToArray());
        CollectionAssert.AreEqual(
            new Named[] { new(3, "c") }, (await ReadAsync(FileSource.ReadJson<Named>(json))).ToArray());
    }

    [TestMethod]
    public async Task An_error_in_json_names_file_line_and_column()
    {
        string path = _directory.Write("f.jsonl", "{\"Number\":1,\"Name\":\"a\"}\n\n{\"Number\":true}\n");
        var failure = await Assert.ThrowsExactlyAsync<FileReadException>(
            () => ReadAsync(FileSource.ReadJson<Named>(path)));
        Assert.Contains("line 3, column 15 ($.Number)", failure.Message);
        Assert.IsInstanceOfType<JsonException>(failure.InnerException?.InnerException);
    }

    [TestMethod]
    public void A_type_that_cannot_be_made_of_columns_is_refused()
    {
        var failure = Assert.ThrowsExactly<InvalidProgramGraphException>(() => FileSource.ReadCsv<Listed>("x"));
        Assert.Contains("Listed.Names", failure.Message);
    }

    private static async Task<IReadOnlyList<T>> ReadAsync<T>(Source<T, FileSplit> source) =>
        (await new SourceRun<T, FileSplit>(source).ReadAllAsync()).Values;

    internal sealed record Order(
        int Number, string Name, decimal Price, DateTime At, Kind Kind, Place Place, double? Discount)
    {
        public string Summary => $"{Number} {Name}".ReplaceLineEndings(" ");
    }

    internal readonly record struct Place(string Street, int? House);

    internal sealed record Named(int Number, string Name);

    internal sealed class Settable
    {
        public int Number { get; set; }

        public string Name { get; set; } = "";
    }

    internal sealed record Listed(int Number, List<string> Names);
}
