using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Serialization;

namespace Millrace.Programs;

[TestClass]
public sealed class JobArgumentsTests
{
    [TestMethod]
    public void Both_forms_of_a_named_argument_are_read_and_the_rest_is_positional()
    {
        JobArguments args = JobArguments.Parse(
            "first", "--input", "a b.txt", "--output=o=1", "-x", "--verbose", "--rate", "-5", "last", "--dry");

        Assert.AreEqual("a b.txt", args["input"]);
        Assert.AreEqual("o=1", args["output"]);
        Assert.AreEqual(-5, args.GetInt32("rate"));
        Assert.IsTrue(args.Has("verbose"));
        Assert.IsTrue(args.GetBoolean("verbose"));
        Assert.IsTrue(args.GetBoolean("dry"));
        Assert.IsFalse(args.GetBoolean("wet"));
        CollectionAssert.AreEqual(new[] { "first", "-x", "last" }, args.Positional.ToArray());
        CollectionAssert.AreEqual(new[] { "input", "output", "verbose", "rate", "dry" }, args.Names.ToArray());
    }

    [TestMethod]
    public void After_two_bare_dashes_everything_is_positional()
    {
        JobArguments args = JobArguments.Parse("--flag", "--", "--input", "x", "--");

        Assert.IsTrue(args.GetBoolean("flag"));
        Assert.IsFalse(args.Has("input"));
        CollectionAssert.AreEqual(new[] { "--input", "x", "--" }, args.Positional.ToArray());
    }

    [TestMethod]
    public void The_last_of_several_values_counts_and_an_empty_value_is_a_value()
    {
        JobArguments args = JobArguments.Parse("--a", "1", "--a=2", "--empty=", "--dashes=--x");

        Assert.AreEqual("2", args["a"]);
        Assert.AreEqual("", args["empty"]);
        Assert.AreEqual("--x", args["dashes"]);
    }

    [TestMethod]
    public void A_missing_argument_is_named_together_with_those_that_were_given()
    {
        JobArguments args = JobArguments.Parse("--inptu", "x", "--Output", "y");

        MissingArgumentException error = Assert.ThrowsExactly<MissingArgumentException>(() => args["input"]);
        Assert.AreEqual("input", error.Name);
        StringAssert.Contains(error.Message, "'--input'");
        StringAssert.Contains(error.Message, "--inptu, --Output");
        Assert.ThrowsExactly<MissingArgumentException>(() => args.GetInt32("output"), "names are compared exactly");
        Assert.ThrowsExactly<MissingArgumentException>(() => JobArguments.Empty["input"]);
    }

    [TestMethod]
    public void A_flag_where_a_value_is_needed_is_an_error_even_with_a_default()
    {
        JobArguments args = JobArguments.Parse("--input", "--output", "o");

        JobArgumentException error = Assert.ThrowsExactly<JobArgumentException>(() => args["input"]);
        StringAssert.Contains(error.Message, "without a value");
        Assert.ThrowsExactly<JobArgumentException>(() => args.Get("input", "default"));
        Assert.ThrowsExactly<JobArgumentException>(() => args.GetInt64("input", 3));
    }

    [TestMethod]
    public void Defaults_are_used_only_when_the_argument_is_absent()
    {
        JobArguments args = JobArguments.Parse("--i=2", "--l=-9223372036854775808", "--d=1e-3", "--t=250ms");

        Assert.AreEqual(2, args.GetInt32("i", 7));
        Assert.AreEqual(long.MinValue, args.GetInt64("l", 7));
        Assert.AreEqual(0.001, args.GetDouble("d", 7));
        Assert.AreEqual(TimeSpan.FromMilliseconds(250), args.GetTimeSpan("t", TimeSpan.Zero));
        Assert.AreEqual(7, args.GetInt32("no", 7));
        Assert.AreEqual(7L, args.GetInt64("no", 7));
        Assert.AreEqual(7.5, args.GetDouble("no", 7.5));
        Assert.AreEqual(TimeSpan.FromDays(1), args.GetTimeSpan("no", TimeSpan.FromDays(1)));
        Assert.AreEqual("d", args.Get("no", "d"));
    }

    [TestMethod]
    [DataRow("2147483648")]
    [DataRow("1.5")]
    [DataRow("")]
    [DataRow(" 1")]
    [DataRow("1,000")]
    [DataRow("0x10")]
    public void What_is_no_whole_number_is_refused_with_the_value_seen_and_needed(string value)
    {
        JobArgumentException error = Assert.ThrowsExactly<JobArgumentException>(
            () => JobArguments.Parse("--rate=" + value).GetInt32("rate", 1));

        StringAssert.Contains(error.Message, $"'--rate' is '{value}'");
        StringAssert.Contains(error.Message, "2147483647");
    }

    [TestMethod]
    [DataRow("NaN")]
    [DataRow("Infinity")]
    [DataRow("1e999")]
    [DataRow("1,5")]
    public void What_is_no_finite_number_is_refused(string value) =>
        Assert.ThrowsExactly<JobArgumentException>(() => JobArguments.Parse("--x=" + value).GetDouble("x"));

    [TestMethod]
    [DataRow("500ms", 500d)]
    [DataRow("10s", 10_000d)]
    [DataRow("1.5 s", 1_500d)]
    [DataRow("5min", 300_000d)]
    [DataRow("5m", 300_000d)]
    [DataRow("2h", 7_200_000d)]
    [DataRow("1d", 86_400_000d)]
    [DataRow("00:00:10", 10_000d)]
    [DataRow("-3s", -3_000d)]
    [DataRow("20us", 0.02d)]
    public void A_length_of_time_has_a_unit_or_colons(string value, double milliseconds) =>
        Assert.AreEqual(
            TimeSpan.FromMilliseconds(milliseconds), JobArguments.Parse("--t=" + value).GetTimeSpan("t"));

    [TestMethod]
    [DataRow("10")]
    [DataRow("s")]
    [DataRow("1e3s")]
    [DataRow("10 weeks")]
    [DataRow("79228162514264337593543950335d")]
    [DataRow("10675200d")]
    [DataRow("25:61:00")]
    public void A_bare_number_or_an_unknown_unit_is_no_length_of_time(string value) =>
        Assert.ThrowsExactly<JobArgumentException>(() => JobArguments.Parse("--t=" + value).GetTimeSpan("t"));

    [TestMethod]
    public void A_flag_reads_true_and_false_and_nothing_else()
    {
        Assert.IsTrue(JobArguments.Parse("--f=True").GetBoolean("f"));
        Assert.IsFalse(JobArguments.Parse("--f", "false").GetBoolean("f"));
        Assert.ThrowsExactly<JobArgumentException>(() => JobArguments.Parse("--f", "file.txt").GetBoolean("f"));
    }

    [TestMethod]
    public void Numbers_do_not_depend_on_the_culture_of_the_machine()
    {
        CultureInfo before = CultureInfo.CurrentCulture;
        var comma = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        comma.NumberFormat.NumberDecimalSeparator = ",";
        comma.NumberFormat.NegativeSign = "~";
        try
        {
            CultureInfo.CurrentCulture = comma;
            Assert.AreEqual(-1.5, JobArguments.Parse("--x=-1.5").GetDouble("x"));
            Assert.AreEqual(TimeSpan.FromSeconds(1.5), JobArguments.Parse("--t=1.5s").GetTimeSpan("t"));
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [TestMethod]
    public void The_tokens_come_back_as_they_were_and_are_a_copy()
    {
        string[] tokens = ["--a", "1", "x", "--", "--b"];
        JobArguments args = JobArguments.Parse(tokens);
        tokens[1] = "2";

        string[] back = args.ToArray();
        CollectionAssert.AreEqual(new[] { "--a", "1", "x", "--", "--b" }, back);
        back[1] = "3";
        Assert.AreEqual("1", args["a"]);
    }

    [TestMethod]
    public void An_argument_without_a_name_is_refused_naming_the_token()
    {
        JobArguments args = JobArguments.Parse("--=x");
        JobArgumentException error = Assert.ThrowsExactly<JobArgumentException>(() => args.Has("a"));
        StringAssert.Contains(error.Message, "--=x");
        Assert.ThrowsExactly<ArgumentException>(() => JobArguments.Parse("a", null!));
    }

    [TestMethod]
    public void Arguments_and_their_errors_cross_the_wire()
    {
        using ServiceProvider services = new ServiceCollection().AddSerializer().BuildServiceProvider();
        Serializer serializer = services.GetRequiredService<Serializer>();

        JobArguments args = RoundTrip(serializer, JobArguments.Parse("--input=x", "--flag", "--", "p"));
        Assert.AreEqual("x", args["input"]);
        Assert.IsTrue(args.GetBoolean("flag"));
        CollectionAssert.AreEqual(new[] { "p" }, args.Positional.ToArray());
        Assert.IsEmpty(RoundTrip(serializer, JobArguments.Empty).ToArray());

        var error = new MissingArgumentException("input", "The argument '--input' is missing.");
        MissingArgumentException copy = RoundTrip(serializer, error);
        Assert.AreEqual(error.Name, copy.Name);
        Assert.AreEqual(error.Message, copy.Message);
    }

    private static T RoundTrip<T>(Serializer serializer, T value)
        where T : class =>
        serializer.Deserialize<T>(serializer.SerializeToArray(value))
        ?? throw new AssertFailedException($"{value} came back as null.");
}
