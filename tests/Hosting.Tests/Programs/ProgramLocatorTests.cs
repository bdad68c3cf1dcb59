using Millrace.Jobs;
using Millrace.UserCode;

namespace Millrace.Programs;

[TestClass]
public sealed class ProgramLocatorTests
{
    private static readonly UserCodeOptions Options = new();

    private string _folder = "";

    private string Built => BuiltJobs.Folder("OneJob");

    [TestInitialize]
    public void CreateFolder() => _folder = Directory.CreateTempSubdirectory("millrace-programs-").FullName;

    [TestCleanup]
    public void DeleteFolder() => Directory.Delete(_folder, recursive: true);

    [TestMethod]
    public async Task A_dll_and_its_folder_mean_the_same_program_and_stay()
    {
        PackageId expected = UserCode.Packages.JobPackage.OfFolder(Built, null, Options).Id;
        foreach (string path in new[] { Built, BuiltJobs.Assembly("OneJob"), Built + Path.DirectorySeparatorChar })
        {
            using (ProgramFolder program = await LocateAsync(path))
            {
                Assert.AreEqual(expected, program.Pack(Options).Id, path);
                Assert.AreEqual("OneJob", program.MainAssembly);
            }

            Assert.IsTrue(File.Exists(BuiltJobs.Assembly("OneJob")), "it is not ours to delete");
        }
    }

    [TestMethod]
    public async Task A_library_is_named_by_its_dll()
    {
        using ProgramFolder program = await LocateAsync(BuiltJobs.Assembly("TwoJobs"));
        Assert.AreEqual("TwoJobs", program.Pack(Options).Manifest.MainAssembly);
    }

    [TestMethod]
    public async Task A_package_is_unpacked_into_the_same_package_and_its_files_go_with_the_result()
    {
        UserCode.Packages.JobPackage package = UserCode.Packages.JobPackage.OfFolder(Built, null, Options);
        string zip = Path.Combine(_folder, "job.zip");
        await using (FileStream file = File.Create(zip))
        {
            package.WriteTo(file);
        }

        ProgramFolder program = await LocateAsync(zip);
        Assert.AreEqual(package.Id, program.Pack(Options).Id);
        program.Dispose();
        Assert.IsFalse(Directory.Exists(program.Folder));

        string damaged = Path.Combine(_folder, "damaged.zip");
        await File.WriteAllBytesAsync(damaged, (await File.ReadAllBytesAsync(zip))[..^10]);
        await Assert.ThrowsExactlyAsync<InvalidPackageException>(() => LocateAsync(damaged));
    }

    [TestMethod]
    public async Task A_published_folder_that_somebody_zipped_is_a_program_too()
    {
        string zip = Path.Combine(_folder, "published.zip");
        System.IO.Compression.ZipFile.CreateFromDirectory(Built, zip);

        using ProgramFolder program = await LocateAsync(zip);

        Assert.AreEqual(UserCode.Packages.JobPackage.OfFolder(Built, null, Options).Id, program.Pack(Options).Id);
    }

    [TestMethod]
    public async Task A_path_that_is_no_program_is_refused_saying_what_was_looked_for()
    {
        await RefusedAsync(Path.Combine(_folder, "nowhere"), "There is no file or folder");
        await RefusedAsync(_folder, "*.runtimeconfig.json");
        string text = Path.Combine(_folder, "notes.txt");
        await File.WriteAllTextAsync(text, "no program");
        await RefusedAsync(text, "a .dll, a .zip or a project");

        await File.WriteAllTextAsync(Path.Combine(_folder, "A.runtimeconfig.json"), "{}");
        await File.WriteAllTextAsync(Path.Combine(_folder, "B.runtimeconfig.json"), "{}");
        await RefusedAsync(_folder, "several programs");

        await File.WriteAllTextAsync(Path.Combine(_folder, "A.csproj"), "<Project/>");
        await File.WriteAllTextAsync(Path.Combine(_folder, "B.fsproj"), "<Project/>");
        await RefusedAsync(_folder, "A.csproj, B.fsproj");
    }

    private static async Task RefusedAsync(string path, string reason)
    {
        ProgramNotFoundException error = await Assert.ThrowsExactlyAsync<ProgramNotFoundException>(
            () => LocateAsync(path));
        StringAssert.Contains(error.Message, reason);
        StringAssert.Contains(error.Message, path);
    }

    private static Task<ProgramFolder> LocateAsync(string path) =>
        new ProgramLocator(new ProjectPublisher(new PublishOptions(), TimeProvider.System), Options)
            .LocateAsync(path, CancellationToken.None);
}
