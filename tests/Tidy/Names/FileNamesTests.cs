using Millrace.Repository;

namespace Millrace.Names;

[TestClass]
public sealed class FileNamesTests
{
    private readonly FileNames _rule = new();

    [TestMethod]
    public void The_repository_names_its_files_after_their_types() =>
        Gate.VerifyClean(_rule.Check(SourceTree.Repository));

    [TestMethod]
    public void A_file_without_the_type_it_is_named_after_is_found() =>
        Gate.VerifyOne("'Gate'", _rule.Check(SourceTree.Of("Gate.cs", "namespace N; class Door { class Gate; }")));

    [TestMethod]
    [DataRow("Gate.cs", "namespace N { interface I; class Gate<T>; }")]
    [DataRow("Gate{T}.cs", "class Gate<T>;")]
    [DataRow("Gate.Door.cs", "partial class Gate { class Door; }")]
    [DataRow("Gate.Log.cs", "static partial class GateLog;")]
    [DataRow("Handler.cs", "delegate void Handler();")]
    [DataRow("Program.cs", "Run(); class Other;")]
    [DataRow("tests/X/Samples.cs", "class Small; class Large;")]
    [DataRow("Usings.cs", "global using System.Text;")]
    public void A_file_named_after_its_type_passes(string path, string code) =>
        Gate.VerifyClean(_rule.Check(SourceTree.Of(path, code)));
}
