namespace Millrace.Local;

[TestClass]
public sealed class ClusterDirectoryTests
{
    [TestMethod]
    [DataRow("default")]
    [DataRow("a")]
    [DataRow("7-of-9")]
    [DataRow("abcdefghijklmnopqrstuvwxyz0123456789-abc")]
    public void A_name_is_a_directory(string name) =>
        Assert.AreEqual(Path.Combine(Path.GetFullPath("clusters"), name), new ClusterDirectory("clusters", name).Root);

    // Whatever could leave the directory, or is another name on another system.
    [TestMethod]
    [DataRow("")]
    [DataRow("..")]
    [DataRow("a/b")]
    [DataRow("a\\b")]
    [DataRow("-a")]
    [DataRow("Default")]
    [DataRow("a b")]
    [DataRow("a.b")]
    [DataRow("é")]
    [DataRow("abcdefghijklmnopqrstuvwxyz0123456789-abcd")]
    public void What_is_no_name_is_refused_with_the_rule(string name)
    {
        ArgumentException error = Assert.ThrowsExactly<ArgumentException>(() => new ClusterDirectory("clusters", name));

        Assert.Contains($"'{name}'", error.Message);
        Assert.Contains("lower-case letters, digits and dashes", error.Message);
    }

    [TestMethod]
    public void Silos_and_clients_are_led_to_the_files_of_their_cluster()
    {
        var cluster = new ClusterDirectory("clusters", "mill");

        IReadOnlyDictionary<string, string?> settings = cluster.ToConfiguration();

        Assert.AreEqual("mill", settings["Millrace:Clustering:ClusterId"]);
        Assert.AreEqual(cluster.Membership, settings["Millrace:Clustering:Directory"]);
        Assert.IsTrue(settings.Values.Where(value => value!.Contains(Path.DirectorySeparatorChar))
            .All(path => path!.StartsWith(cluster.Root, StringComparison.Ordinal)));
    }
}
