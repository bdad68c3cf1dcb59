using System.Reflection;
using System.Runtime.InteropServices;
using System.Runtime.Loader;
using Millrace.Programs;

namespace Millrace.UserCode;

[TestClass]
public sealed class JobLoadContextTests
{
    [TestMethod]
    public void What_is_shared_is_the_process_s_own()
    {
        using var job = new LoadedJob("OneJob");
        Type counting = job.Assembly.GetType("OneJob.CountingJob", throwOnError: true)!;

        Assert.AreSame(job.Context, AssemblyLoadContext.GetLoadContext(job.Assembly));
        Assert.IsTrue(typeof(IStreamJob).IsAssignableFrom(counting));
        Assert.AreSame(typeof(object).Assembly, counting.BaseType!.Assembly);
        Assert.AreSame(
            typeof(JobLoadContext).Assembly, job.Context.LoadFromAssemblyName(new AssemblyName("Millrace.Grains")));
        Assert.AreEqual(BuiltJobs.Assembly("OneJob"), job.Assembly.Location);
    }

    [TestMethod]
    public void A_library_that_is_not_shared_is_the_job_s_own_in_its_own_version()
    {
        using var job = new LoadedJob("OtherVersions");

        Assert.AreEqual("shelf 1", Shelf.Label.Text, "the host's");
        Assert.AreEqual("shelf 2", job.Define().JobName, "the job's");
        Assembly json = job.Context.LoadFromAssemblyName(new AssemblyName("Newtonsoft.Json"));
        Assert.AreSame(job.Context, AssemblyLoadContext.GetLoadContext(json), "the host has one too, and keeps it");
    }

    [TestMethod]
    public void Statics_of_two_jobs_from_the_same_files_are_apart()
    {
        using var first = new LoadedJob("OneJob");
        using var second = new LoadedJob("OneJob");
        first.Define();
        first.Define();
        second.Define();

        Assert.AreEqual(2, first.Static("OneJob.CountingJob", "Defined"));
        Assert.AreEqual(1, second.Static("OneJob.CountingJob", "Defined"));
    }

    [TestMethod]
    public void An_assembly_that_is_nowhere_is_not_found()
    {
        using var job = new LoadedJob("OneJob");
        FileNotFoundException error = Assert.ThrowsExactly<FileNotFoundException>(
            () => job.Context.LoadFromAssemblyName(new AssemblyName("Nowhere")));
        StringAssert.Contains(error.Message, "Nowhere");
    }

    [TestMethod]
    public void A_shared_assembly_that_the_job_wants_newer_is_refused_with_both_versions()
    {
        using var job = new LoadedJob("OneJob");
        FileLoadException error = Assert.ThrowsExactly<FileLoadException>(
            () => job.Context.LoadFromAssemblyName(new AssemblyName("Millrace.Grains.Interfaces, Version=9.8.7.6")));
        string text = error.ToString();
        StringAssert.Contains(text, "9.8.7.6");
        StringAssert.Contains(text, typeof(IStreamJob).Assembly.GetName().Version!.ToString());
    }

    [TestMethod]
    public void A_native_library_of_the_package_is_found()
    {
        string? native = Directory.EnumerateFiles(
            Path.GetDirectoryName(typeof(object).Assembly.Location)!, "*System.Native.*").FirstOrDefault();
        if (native is null)
        {
            Assert.Inconclusive("This platform has no System.Native beside its runtime.");
        }

        using var folder = new TemporaryFolder();
        string copy = folder.Copy(BuiltJobs.Folder("OneJob"), "copy");
        string name = "lib" + "jobnative" + Path.GetExtension(native);
        File.Copy(native, Path.Combine(copy, name));
        string deps = Path.Combine(copy, "OneJob.deps.json");
        File.WriteAllText(deps, File.ReadAllText(deps).Replace(
            "\"OneJob.dll\": {}",
            $"\"OneJob.dll\": {{}} }}, \"native\": {{ \"{name}\": {{}}",
            StringComparison.Ordinal));
        using var job = new LoadedJob("OneJob", Path.Combine(copy, "OneJob.dll"));

        Assert.IsTrue(NativeLibrary.TryLoad("jobnative", job.Assembly, DllImportSearchPath.System32, out nint handle));
        NativeLibrary.Free(handle);
    }

    /// <summary>A job project's output, loaded.</summary>
    private sealed class LoadedJob : IDisposable
    {
        public LoadedJob(string project, string? mainAssembly = null)
        {
            Context = new JobLoadContext(project, mainAssembly ?? BuiltJobs.Assembly(project));
            Assembly = Context.LoadMain();
        }

        public JobLoadContext Context { get; }

        public Assembly Assembly { get; }

        public DataStream.StreamExecutionEnvironment Define() =>
            JobProgram.Find(Assembly, null).Define(JobArguments.Empty);

        public object? Static(string type, string property) =>
            Assembly.GetType(type, throwOnError: true)!.GetProperty(property)!.GetValue(null);

        public void Dispose() => Context.Unload();
    }
}
