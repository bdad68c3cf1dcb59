using Millrace.DataStream;
using Millrace.Functions;

namespace Millrace.Operators;

/// <summary>The verifier as those who test functions with it see it.</summary>
[TestClass]
public sealed class OperatorVerifierTests
{
    private static readonly (string Record, long Timestamp)[] Words =
        [.. Enumerable.Range(0, 20).Select(i => ($"w{i % 4}", i * 10L))];

    [TestMethod]
    public void What_is_kept_as_state_passes() => OperatorVerifier.Verify(
        words => words.KeyBy(word => word).Count(),
        Words,
        [.. Words.Select((word, i) => new Keyed<string, long>(word.Record, (i / 4) + 1))]);

    [TestMethod]
    public void What_is_kept_in_a_field_is_found_out()
    {
        OperatorContractException error = Assert.ThrowsExactly<OperatorContractException>(() => OperatorVerifier.Verify(
            words => words.FlatMap(new Numbered()), Words, [.. Words.Select((word, i) => $"{word.Record} {i}")]));

        StringAssert.Contains(error.Message, "restarts");
    }

    [TestMethod]
    public void Another_result_is_told_with_what_is_right()
    {
        OperatorContractException error = Assert.ThrowsExactly<OperatorContractException>(
            () => OperatorVerifier.Verify(words => words.Filter(word => word != "w1"), Words, ["w9"]));

        StringAssert.Contains(error.Message, "w9");
    }

    private sealed class Numbered : IFlatMapFunction<string, string>
    {
        private int _number;

        public void FlatMap(string value, ICollector<string> collector) => collector.Emit($"{value} {_number++}");
    }
}
