using Millrace.Repository;

namespace Millrace.Leftovers;

[TestClass]
public sealed class MachineTracesTests
{
    private readonly MachineTraces _rule = new();

    [TestMethod]
    public void The_repository_names_no_machine() => Gate.VerifyClean(_rule.Check(SourceTree.Repository));

    [TestMethod]
    [DataRow("a.cs", "string p = \"/work/main\";")]
    [DataRow("a.md", "see /root/.nuget/packages")]
    [DataRow("tests/run", "#!/bin/sh\ncd /tmp/bash_jobs.0/x")]
    [DataRow("a.json", "{ \"path\": \"/home/anna/x\" }")]
    [DataRow("a.yml", "path: C:\\Users\\anna")]
    [DataRow(".editorconfig", "# /Users/anna/x")]
    public void A_path_of_one_machine_is_found(string path, string text) =>
        Gate.VerifyOne("path of one machine", _rule.Check(SourceTree.Of(path, text)));

    [TestMethod]
    [DataRow("a.md", "https://example.org/work/x, Grains/work/, ~/work/x, $HOME/work/")]
    [DataRow("a.yml", "mountPath: /home/site/wwwroot")]
    [DataRow("a.cs", "Path.Combine(root, \"work\", \"x\"); // a/b work/ c")]
    [DataRow("picture.bin", "/work/x")]
    public void Other_paths_pass(string path, string text) => Gate.VerifyClean(_rule.Check(SourceTree.Of(path, text)));
}
