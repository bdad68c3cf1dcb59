using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Millrace.Graph;
using Millrace.Jobs;
using Millrace.Programs;

namespace Millrace.UserCode;

[TestClass]
public sealed class JobProgramsTests
{
    private static readonly JobId Job = JobId.Parse("0123456789abcdef0123456789abcdef");

    public TestContext TestContext { get; set; } = null!;

    [TestMethod]
    public async Task All_uses_of_a_job_share_one_copy_of_its_code_until_the_last_is_disposed()
    {
        using var stored = new StoredPackage();
        JobPrograms programs = New(stored);
        ProgramReference program = await ReferenceAsync(stored, "OneJob", "OneJob.CountingJob");

        IJobCode[] uses = await Task.WhenAll(
            Enumerable.Range(0, 8).Select(_ => programs.LoadAsync(Job, program, CancellationToken.None)));
        Assert.AreEqual(1, programs.Count);
        Assert.AreEqual(1, programs.LiveContexts);
        Type[] types = [.. uses.Select(RecordType)];
        Assert.AreEqual(1, types.Distinct().Count(), "statics are shared");
        Assert.AreEqual(1, uses.Select(use => use.Serializers).Distinct().Count());

        foreach (IJobCode use in uses[1..])
        {
            use.Dispose();
            use.Dispose();
        }

        Assert.AreEqual(1, programs.Count);
        RecordType(uses[0]);
        uses[0].Dispose();
        Assert.AreEqual(0, programs.Count);
        Assert.ThrowsExactly<ObjectDisposedException>(() => uses[0].Define(JobArguments.Empty));
        Assert.ThrowsExactly<ObjectDisposedException>(() => uses[0].Serializers);
    }

    [TestMethod]
    public async Task Two_jobs_of_one_package_have_two_copies_and_every_definition_gives_new_functions()
    {
        using var stored = new StoredPackage();
        JobPrograms programs = New(stored);
        ProgramReference program = await ReferenceAsync(stored, "OneJob", "");
        using IJobCode first = await programs.LoadAsync(Job, program, CancellationToken.None);
        using IJobCode second = await programs.LoadAsync(new JobId(default), program, CancellationToken.None);

        Assert.AreNotEqual(RecordType(first), RecordType(second));
        Assert.AreNotSame(
            first.Define(JobArguments.Empty).Nodes[1].Transformation,
            first.Define(JobArguments.Empty).Nodes[1].Transformation);
        Assert.AreEqual(2, programs.Count);
    }

    [TestMethod]
    public async Task A_job_that_does_not_load_tells_everyone_why_and_can_be_tried_again()
    {
        using var stored = new StoredPackage();
        JobPrograms programs = New(stored);
        ProgramReference wrong = await ReferenceAsync(stored, "OneJob", "Nothing");

        Task<IJobCode>[] loads =
            [.. Enumerable.Range(0, 4).Select(_ => programs.LoadAsync(Job, wrong, CancellationToken.None))];
        foreach (Task<IJobCode> load in loads)
        {
            InvalidJobClassException error = await Assert.ThrowsExactlyAsync<InvalidJobClassException>(() => load);
            StringAssert.Contains(error.Message, "OneJob.CountingJob");
        }

        Assert.AreEqual(0, programs.Count);
        using IJobCode use = await programs.LoadAsync(
            Job, wrong with { EntryClass = "CountingJob" }, CancellationToken.None);
        Assert.AreEqual("OneJob.Word", RecordType(use).FullName);
    }

    [TestMethod]
    public async Task A_job_cannot_have_two_programs_at_once()
    {
        using var stored = new StoredPackage();
        JobPrograms programs = New(stored);
        ProgramReference one = await ReferenceAsync(stored, "OneJob", "OneJob.CountingJob");
        ProgramReference two = await ReferenceAsync(stored, "TwoJobs", "TwoJobs.FirstJob");
        using IJobCode use = await programs.LoadAsync(Job, one, CancellationToken.None);

        await Assert.ThrowsExactlyAsync<InvalidOperationException>(
            () => programs.LoadAsync(Job, two, CancellationToken.None));
        Assert.AreEqual("OneJob.Word", RecordType(use).FullName, "and the first goes on");
        use.Dispose();
        Assert.AreEqual(0, programs.Count);
    }

    [TestMethod]
    public async Task A_package_that_is_missing_or_misnamed_is_an_error()
    {
        using var stored = new StoredPackage();
        JobPrograms programs = New(stored);
        string nowhere = default(PackageId).ToString();
        await Assert.ThrowsExactlyAsync<PackageNotFoundException>(() => programs.LoadAsync(
            Job, new ProgramReference(ProgramKind.Package, nowhere, "X"), CancellationToken.None));
        await Assert.ThrowsExactlyAsync<InvalidPackageException>(() => programs.LoadAsync(
            Job, new ProgramReference(ProgramKind.Package, "../../etc", "X"), CancellationToken.None));
        await Assert.ThrowsExactlyAsync<InvalidJobClassException>(() => programs.LoadAsync(
            Job, new ProgramReference(ProgramKind.InProcess, "unknown", "X"), CancellationToken.None));
        Assert.AreEqual(0, programs.Count);
    }

    [TestMethod]
    public async Task Who_stops_waiting_leaves_nothing_loaded()
    {
        using var stored = new StoredPackage();
        JobPrograms programs = New(stored);
        ProgramReference program = await ReferenceAsync(stored, "OneJob", "");
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();

        await Assert.ThrowsExactlyAsync<TaskCanceledException>(() => programs.LoadAsync(Job, program, cancelled.Token));

        Assert.AreEqual(0, programs.Count);
        VerifyCollected(programs, expected: 0);
    }

    [TestMethod]
    public async Task A_program_of_the_process_itself_needs_no_package()
    {
        using var stored = new StoredPackage();
        var own = new InProcessPrograms();
        JobPrograms programs = New(stored, own);
        ProgramReference byClass = own.Add(typeof(JobProgramTests.CountsInstances));
        var seen = new List<string>();
        ProgramReference byName = own.Add("captures", () => new Captures(seen));

        using (IJobCode use = await programs.LoadAsync(Job, byName, CancellationToken.None))
        {
            use.Define(JobArguments.Parse("x"));
            use.Define(JobArguments.Parse("y"));
        }

        CollectionAssert.AreEqual(new[] { "x", "y" }, seen);
        Assert.AreEqual(typeof(JobProgramTests.CountsInstances).FullName, byClass.EntryClass);
        own.Remove(byName);
        await Assert.ThrowsExactlyAsync<InvalidJobClassException>(
            () => programs.LoadAsync(Job, byName, CancellationToken.None));
        Assert.ThrowsExactly<InvalidJobClassException>(() => own.Add(typeof(JobProgramTests.NeedsName)));
    }

    // What the architecture asks for: a silo that ran a thousand jobs is as large as one that ran ten.
    [TestMethod]
    public async Task A_thousand_jobs_come_and_go_and_leave_no_load_context()
    {
        using var stored = new StoredPackage();
        JobPrograms programs = New(stored);
        ProgramReference program = await ReferenceAsync(stored, "OneJob", "");
        const int Jobs = 1_000;
        long before = 0;
        int most = 0;
        for (int job = 0; job < Jobs; job++)
        {
            if (job == 10)
            {
                VerifyCollected(programs, expected: 0);
                before = GC.GetTotalMemory(forceFullCollection: true);
            }

            await RunAsync(programs, job, program);
            most = Math.Max(most, programs.LiveContexts);
            if (job % 100 == 99)
            {
                long megabytes = Environment.WorkingSet >> 20;
                TestContext.WriteLine($"{job + 1} jobs: {programs.LiveContexts} contexts, {megabytes} MB resident");
            }
        }

        VerifyCollected(programs, expected: 0);
        long after = GC.GetTotalMemory(forceFullCollection: true);
        TestContext.WriteLine($"managed bytes after 10 jobs: {before}, after {Jobs}: {after}; most contexts: {most}");
        Assert.AreEqual(0, programs.Count);
        Assert.IsGreaterThan(0, most);
        Assert.IsLessThan(Jobs / 2, most, "an unloaded job's memory is asked back before long");
    }

    // The test above could not fail if contexts were not counted.
    [TestMethod]
    public async Task A_job_whose_object_somebody_keeps_stays_and_is_counted()
    {
        using var stored = new StoredPackage();
        JobPrograms programs = New(stored);
        ProgramReference program = await ReferenceAsync(stored, "OneJob", "");
        object kept = await KeepAsync(programs, program);

        VerifyCollected(programs, expected: 1);
        GC.KeepAlive(kept);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static async Task<object> KeepAsync(JobPrograms programs, ProgramReference program)
    {
        using IJobCode use = await programs.LoadAsync(Job, program, CancellationToken.None);
        return Activator.CreateInstance(RecordType(use), "kept")!;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static async Task RunAsync(JobPrograms programs, int number, ProgramReference program)
    {
        var job = new JobId(new Id128(0, (ulong)number));
        using IJobCode use = await programs.LoadAsync(job, program, CancellationToken.None);
        using IJobCode again = await programs.LoadAsync(job, program, CancellationToken.None);
        Touch(use, again);
    }

    // Apart, so that no frame that is still on the stack later knows a type of the job.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Touch(IJobCode use, IJobCode again)
    {
        StreamGraph graph = use.Define(JobArguments.Parse("--name", "job"));
        again.Define(JobArguments.Empty);
        Assert.AreEqual("job", graph.Environment.JobName);
        Assert.IsNotNull(Activator.CreateInstance(RecordType(use), "word")!.ToString());
    }

    // Unloading takes a few collections: finalizers of the runtime's own run in between.
    private static void VerifyCollected(JobPrograms programs, int expected)
    {
        for (int round = 0; round < 20 && programs.LiveContexts > expected; round++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }

        Assert.AreEqual(expected, programs.LiveContexts, "load contexts in memory after 20 collections");
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Type RecordType(IJobCode use) =>
        use.Define(JobArguments.Empty).Nodes[0].Transformation.RecordTypes.First();

    private static async Task<ProgramReference> ReferenceAsync(
        StoredPackage stored, string project, string entryClass) =>
        new(ProgramKind.Package, (await stored.PutAsync(project)).ToString(), entryClass);

    private static JobPrograms New(StoredPackage stored, InProcessPrograms? own = null) =>
        new(
            stored.Cache,
            own ?? new InProcessPrograms(),
            stored.Execution,
            Options.Create(new UserCodeOptions()),
            NullLogger<JobPrograms>.Instance);

    private sealed class Captures(List<string> seen) : IStreamJob
    {
        public void Define(DataStream.StreamExecutionEnvironment env, JobArguments args)
        {
            seen.Add(args.Positional[0]);
            env.FromElements(1);
        }
    }
}
