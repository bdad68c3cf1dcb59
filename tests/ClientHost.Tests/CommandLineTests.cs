namespace Millrace;

[TestClass]
public sealed class CommandLineTests
{
    [TestMethod]
    [DataRow("", "Required command was not provided")]
    [DataRow("destroy", "destroy")]
    [DataRow("cluster", "Required command was not provided")]
    [DataRow("cluster strat", "strat")]
    [DataRow("cluster start --silos 0", "--silos is '0'; a whole number from 1 to 10000 is needed")]
    [DataRow("cluster start --silos three", "--silos is 'three'")]
    [DataRow("cluster start --slots -1", "--slots")]
    [DataRow("cluster start --name A", "--name is 'A'")]
    [DataRow("cluster start --name ../b", "--name is '../b'")]
    [DataRow("cluster start -D Tasks", "-D is 'Tasks'; key=value is needed")]
    [DataRow("run", "program")]
    [DataRow("run -p 0 x", "--parallelism is '0'")]
    [DataRow("run --no-such-option x", "--no-such-option")]
    [DataRow("run x y", "y")]
    [DataRow("run --cluster Big x", "'Big' is no name of a cluster")]
    [DataRow("info", "program")]
    [DataRow("show", "job")]
    [DataRow("cancel", "job")]
    [DataRow("list -- x", "There is no program to take the words after '--'")]
    public async Task A_command_line_that_makes_no_sense_has_exit_code_2_and_says_why(string words, string told)
    {
        Said said = await Said.ByAsync(words.Split(' ', StringSplitOptions.RemoveEmptyEntries));

        Assert.Contains(told, said.WithCode(ExitCodes.WrongUsage).Error);
        Assert.AreEqual("", said.Output, "Nothing is tried, so nothing is found.");
    }

    [TestMethod]
    [DataRow("list|-D|Client:ConnectTimeout=soon|-D|Clustering:Provider=File",
        "Millrace:Client:ConnectTimeout is 'soon'; a time such as 00:00:30")]
    [DataRow("list|-D|Clustering:Provider=File|-D|Clustering:Directry=x", "Millrace:Clustering:Directry is no setting")]
    public async Task A_word_that_cannot_be_what_it_stands_for_is_told_without_a_stack(string words, string told)
    {
        Said said = await Said.ByAsync(words.Split('|'));

        Assert.Contains(told, said.WithCode(ExitCodes.Failure).Error);
        Assert.DoesNotContain("   at ", said.Error);
    }

    [TestMethod]
    [DataRow("run|", "The word after 'run' is ''; a value is needed.")]
    [DataRow("savepoint|3f2a| ", "The word after '3f2a' is ' '; a value is needed.")]
    [DataRow("stop|3f2a|-p|", "The word after '-p' is ''")]
    [DataRow("run|-s||examples/WordCount", "The word after '-s' is ''")]
    [DataRow("savepoint|inspect|", "The word after 'inspect' is ''")]
    public async Task An_empty_word_such_as_of_a_variable_that_is_not_set_is_refused(string words, string told)
    {
        Said said = await Said.ByAsync(words.Split('|'));

        Assert.Contains(told, said.WithCode(ExitCodes.WrongUsage).Error);
    }

    // What users of Flink try first.
    [TestMethod]
    public async Task Arguments_of_the_program_before_the_dashes_are_refused_with_a_hint()
    {
        Said said = await Said.ByAsync("run", "examples/WordCount", "--input", "x");

        Assert.Contains("'--input'", said.WithCode(ExitCodes.WrongUsage).Error);
        Assert.Contains("The program's own arguments come after '--'", said.Error);
        Assert.Contains("millrace run --help", said.Error);
    }

    [TestMethod]
    [DataRow("--help")]
    [DataRow("-h")]
    [DataRow("cluster --help")]
    [DataRow("cluster start --help")]
    [DataRow("cluster add --help")]
    [DataRow("cluster status --help")]
    [DataRow("cluster stop --help")]
    [DataRow("run --help")]
    [DataRow("list --help")]
    [DataRow("show --help")]
    [DataRow("cancel --help")]
    [DataRow("info --help")]
    public async Task Each_command_explains_itself(string words)
    {
        Said said = await Said.ByAsync(words.Split(' '));

        Assert.Contains("millrace", said.WithCode(ExitCodes.Success).Output);
        Assert.AreEqual("", said.Error);
    }

    [TestMethod]
    public async Task The_version_is_told()
    {
        Said said = await Said.ByAsync("--version");

        Assert.StartsWith("millrace 0.", said.WithCode(ExitCodes.Success).Output);
    }
}
