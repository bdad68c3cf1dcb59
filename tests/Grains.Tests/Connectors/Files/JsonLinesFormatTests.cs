using System.Text;
using System.Text.Json;
using Millrace.DataStream;

namespace Millrace.Connectors.Files;

[TestClass]
public sealed class JsonLinesFormatTests
{
    [TestMethod]
    public async Task Each_record_is_one_line_that_reads_back()
    {
        using TemporaryDirectory directory = new();
        Order[] orders =
        [
            new(1, "plain", [1, 2], null),
            new(2, "line\nbreak \"quoted\" äöü 😀", [], 0.5),
            new(3, "", [7], double.NaN),
        ];
        await new SinkRun<Order>(FileSink.JsonLines(directory.FullPath).For<Order>()).RunAsync(orders);

        string[] lines = await File.ReadAllLinesAsync(directory["part-00000.jsonl"]);

        Assert.HasCount(3, lines);
        Assert.AreEqual("""{"Id":1,"Name":"plain","Lines":[1,2],"Share":null}""", lines[0]);
        Assert.Contains("äöü", lines[1]);
        JsonSerializerOptions options = new()
        {
            NumberHandling = System.Text.Json.Serialization.JsonNumberHandling.AllowNamedFloatingPointLiterals,
        };
        for (int i = 0; i < 3; i++)
        {
            Order read = JsonSerializer.Deserialize<Order>(lines[i], options)!;
            Assert.AreEqual(orders[i] with { Lines = read.Lines }, read);
            CollectionAssert.AreEqual(orders[i].Lines, read.Lines);
        }
    }

    [TestMethod]
    public async Task Tuples_have_their_fields_and_options_are_obeyed()
    {
        using TemporaryDirectory directory = new();
        await new SinkRun<Keyed<string, (int, bool)>>(
            FileSink.JsonLines(directory.FullPath, options =>
            {
                options.Serializer.PropertyNamingPolicy = JsonNamingPolicy.CamelCase;
                options.FileExtension = ".json";
            }).For<Keyed<string, (int, bool)>>()).RunAsync([new("a", (1, true))]);
        Assert.AreEqual(
            """{"key":"a","value":{"item1":1,"item2":true}}""" + "\n",
            await File.ReadAllTextAsync(directory["part-00000.json"]));
    }

    [TestMethod]
    public void Indented_json_is_refused() => Assert.ThrowsExactly<ArgumentException>(
        () => FileSink.JsonLines(
            "out", options => options.Serializer = new JsonSerializerOptions { WriteIndented = true }));

    [TestMethod]
    public async Task Many_records_pass_through_small_buffers()
    {
        using TemporaryDirectory directory = new();
        await new SinkRun<int>(FileSink.JsonLines(directory.FullPath, options => options.BufferBytes = 10).For<int>())
            .RunAsync(Enumerable.Range(0, 1_000));
        StringBuilder expected = new();
        for (int i = 0; i < 1_000; i++)
        {
            expected.Append(i).Append('\n');
        }

        Assert.AreEqual(expected.ToString(), await File.ReadAllTextAsync(directory["part-00000.jsonl"]));
    }

    private sealed record Order(int Id, string Name, List<int> Lines, double? Share);
}
