namespace Millrace.Commands;

[TestClass]
public sealed class NoClusterTests
{
    [TestMethod]
    [DataRow("cluster status")]
    [DataRow("cluster stop")]
    [DataRow("cluster add")]
    [DataRow("list")]
    [DataRow("show 0123")]
    [DataRow("cancel 0123")]
    [DataRow("stop 0123")]
    [DataRow("savepoint 0123")]
    [DataRow("rescale 0123 -p 2")]
    public async Task Without_a_cluster_each_command_says_how_to_start_one(string words)
    {
        Said said = await Said.ByAsync(words.Split(' '));

        Assert.Contains("Cluster 'default' is not running on this machine", said.WithCode(ExitCodes.Failure).Error);
        Assert.Contains("millrace cluster start", said.Error);
    }

    [TestMethod]
    [DataRow("list --cluster other")]
    [DataRow("cluster status --name other")]
    [DataRow("run --cluster other nowhere")]
    public async Task A_cluster_that_is_named_is_the_one_to_start(string words)
    {
        Said said = await Said.ByAsync(words.Split(' '));

        Assert.Contains("Cluster 'other' is not running", said.WithCode(ExitCodes.Failure).Error);
        Assert.Contains("millrace cluster start --name other", said.Error);
    }

    [TestMethod]
    [DataRow("rescale 0123", "--parallelism")]
    [DataRow("run --claim nowhere", "--claim goes with -s")]
    [DataRow("run --allow-non-restored-state nowhere", "--allow-non-restored-state goes with -s")]
    [DataRow("savepoint", "job")]
    public async Task Words_that_say_too_little_are_refused(string words, string missing)
    {
        Said said = await Said.ByAsync(words.Split(' '));

        Assert.Contains(missing, said.WithCode(ExitCodes.WrongUsage).Error);
    }

    [TestMethod]
    [DataRow("savepoint inspect nowhere")]
    [DataRow("savepoint check nowhere nothing")]
    public async Task A_folder_that_is_no_savepoint_is_named(string words)
    {
        Said said = await Said.ByAsync(words.Split(' '));

        Assert.Contains("nowhere' is corrupt: there is no _metadata in it", said.WithCode(ExitCodes.Failure).Error);
    }

    [TestMethod]
    public async Task Detached_needs_a_cluster_that_goes_on()
    {
        Said said = await Said.ByAsync("run", "-d", "nowhere");

        Assert.Contains("Cluster 'default' is not running", said.WithCode(ExitCodes.Failure).Error);
    }

    [TestMethod]
    public async Task A_cluster_elsewhere_that_does_not_answer_is_named_and_not_waited_for_long()
    {
        using var directory = new Connectors.TemporaryDirectory();

        Said said = await Said.ByAsync(
            "list",
            "-D", "Clustering:Provider=File",
            "-D", $"Clustering:Directory={directory.FullPath}",
            "-D", "Clustering:ClusterId=far",
            "-D", "Client:ConnectTimeout=00:00:00.500");

        Assert.Contains("No silo of cluster 'far'", said.WithCode(ExitCodes.Failure).Error);
    }

    [TestMethod]
    public async Task A_provider_that_does_not_exist_is_refused_by_name()
    {
        Said said = await Said.ByAsync("list", "-D", "Clustering:Provider=Pigeons");

        Assert.Contains("'Pigeons'", said.WithCode(ExitCodes.Failure).Error);
    }
}
