using Microsoft.Extensions.Time.Testing;

namespace Millrace.Programs;

[TestClass]
public sealed class ProjectPublisherTests
{
    private const string Project = """
        <Project Sdk="Microsoft.NET.Sdk">
          <PropertyGroup>
            <TargetFramework>net10.0</TargetFramework>
            <OutputType>Exe</OutputType>
          </PropertyGroup>
        </Project>
        """;

    private string _folder = "";

    [TestInitialize]
    public void CreateProject()
    {
        _folder = Directory.CreateTempSubdirectory("millrace-project-").FullName;
        File.WriteAllText(ProjectFile, Project);
    }

    [TestCleanup]
    public void DeleteProject() => Directory.Delete(_folder, recursive: true);

    private string ProjectFile => Path.Combine(_folder, "Tiny.csproj");

    [TestMethod]
    public async Task A_project_is_published_into_a_folder_that_goes_with_the_result()
    {
        await File.WriteAllTextAsync(Path.Combine(_folder, "Program.cs"), "System.Console.WriteLine(1);");
        var publisher = new ProjectPublisher(new PublishOptions(), TimeProvider.System);

        ProgramFolder program = await publisher.PublishAsync(ProjectFile, CancellationToken.None);

        Assert.IsTrue(File.Exists(Path.Combine(program.Folder, "Tiny.dll")));
        Assert.AreEqual("Tiny", program.Pack(new UserCode.UserCodeOptions()).Manifest.MainAssembly);
        program.Dispose();
        Assert.IsFalse(Directory.Exists(program.Folder));
    }

    [TestMethod]
    public async Task A_project_that_does_not_compile_is_reported_with_the_compiler_s_lines()
    {
        await File.WriteAllTextAsync(Path.Combine(_folder, "Program.cs"), "int x = \"no number\";");
        var publisher = new ProjectPublisher(new PublishOptions(), TimeProvider.System);

        PublishFailedException error = await Assert.ThrowsExactlyAsync<PublishFailedException>(
            () => publisher.PublishAsync(ProjectFile, CancellationToken.None));

        StringAssert.Contains(error.Message, ProjectFile);
        StringAssert.Contains(error.Output, "error CS0029");
        Assert.HasCount(1, error.Output.Split('\n'), error.Output);
    }

    [TestMethod]
    public async Task Without_a_dotnet_program_the_SDK_is_asked_for()
    {
        var options = new PublishOptions { DotnetPath = Path.Combine(_folder, "nowhere") };
        PublishFailedException error = await Assert.ThrowsExactlyAsync<PublishFailedException>(
            () => new ProjectPublisher(options, TimeProvider.System).PublishAsync(ProjectFile, CancellationToken.None));
        StringAssert.Contains(error.Message, ".NET SDK");
    }

    [TestMethod]
    [OSCondition(ConditionMode.Exclude, OperatingSystems.Windows)]
    public async Task A_build_that_takes_too_long_is_ended_and_what_it_printed_is_shown()
    {
        var time = new FakeTimeProvider();
        var options = new PublishOptions { DotnetPath = Script("echo working on it; touch started; exec sleep 1000") };
        Task<ProgramFolder> publishing = new ProjectPublisher(options, time).PublishAsync(
            ProjectFile, CancellationToken.None);
        await StartedAsync(publishing);
        time.Advance(options.Timeout);

        // The time that the output may still take is on the same clock.
        while (!publishing.IsCompleted)
        {
            time.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }

        PublishFailedException error = await Assert.ThrowsExactlyAsync<PublishFailedException>(() => publishing);
        StringAssert.Contains(error.Message, "Millrace:Publish:Timeout");
    }

    [TestMethod]
    [OSCondition(ConditionMode.Exclude, OperatingSystems.Windows)]
    public async Task A_build_that_is_cancelled_is_ended_with_all_it_started()
    {
        using var cancellation = new CancellationTokenSource();
        var options = new PublishOptions { DotnetPath = Script("sleep 1000 & echo $! > pid; touch started; wait") };
        Task<ProgramFolder> publishing = new ProjectPublisher(options, TimeProvider.System).PublishAsync(
            ProjectFile, cancellation.Token);
        await StartedAsync(publishing);
        int child = int.Parse(await File.ReadAllTextAsync(Path.Combine(_folder, "pid")), null);

        await cancellation.CancelAsync();

        await Assert.ThrowsAsync<OperationCanceledException>(() => publishing);
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (IsSleeping(child) && !limit.IsCancellationRequested)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(5));
        }

        Assert.IsFalse(IsSleeping(child), $"process {child}, which the build started, is still there");
    }

    private static bool IsSleeping(int process)
    {
        try
        {
            return File.ReadAllText($"/proc/{process}/cmdline").StartsWith("sleep", StringComparison.Ordinal);
        }
        catch (IOException)
        {
            return false;
        }
    }

    private async Task StartedAsync(Task publishing)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (!File.Exists(Path.Combine(_folder, "started")) && !publishing.IsCompleted)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(5), limit.Token);
        }
    }

    private string Script(string commands)
    {
        string path = Path.Combine(_folder, "dotnet.sh");
        File.WriteAllText(path, $"#!/bin/sh\n{commands}\n");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        }

        return path;
    }
}
