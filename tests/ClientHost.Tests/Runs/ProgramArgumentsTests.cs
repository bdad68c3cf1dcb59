namespace Millrace.Runs;

[TestClass]
public sealed class ProgramArgumentsTests
{
    [TestMethod]
    [DataRow("run x", "run x", null)]
    [DataRow("run x --", "run x", "")]
    [DataRow("run x -- -p 3", "run x", "-p 3")]
    [DataRow("run x -- a -- b", "run x", "a -- b")]
    [DataRow("-- run", "", "run")]
    public void Words_after_the_first_dashes_are_the_programs(string words, string forCommand, string? forProgram)
    {
        var split = ProgramArguments.Split(words.Split(' '));

        Assert.AreEqual(forCommand, string.Join(' ', split.ForCommand));
        Assert.AreEqual(forProgram, split.ForProgram is null ? null : string.Join(' ', split.ForProgram));
    }
}
