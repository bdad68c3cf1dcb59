using Millrace.Connectors.Files.Writing;
using Millrace.Failures;

namespace Millrace.Connectors.Files;

[TestClass]
public sealed class FileSinkCommitterTests
{
    private const int Subtasks = 4;

    private static readonly int[] Records = [.. Enumerable.Range(0, 40)];

    [TestMethod]
    public async Task A_commit_may_be_repeated()
    {
        using TemporaryDirectory directory = new();
        SinkRun<int> run = RunOf(directory);
        await run.RunAsync(Records);
        await run.CommitAsync();
        await run.CommitAsync();
        VerifyOutput(directory);
    }

    // A process may die between any two steps of a commit: some files renamed, some old ones removed, or all but the
    // list.
    [TestMethod]
    public async Task A_commit_that_was_broken_off_anywhere_is_completed_by_the_next()
    {
        for (int renamed = 0; renamed <= Subtasks; renamed++)
        {
            for (int removed = 0; removed <= (renamed == Subtasks ? 3 : 0); removed++)
            {
                using TemporaryDirectory directory = new();
                FillOld(directory);
                SinkRun<int> run = RunOf(directory, overwrite: true);
                await run.PrepareAsync();
                await run.WriteAsync(Records);
                FileCommittable[] files = [.. run.Committables.Select(FileCommittable.Read)];
                foreach (FileCommittable file in files.Take(renamed))
                {
                    File.Move(directory[file.HiddenName], directory[file.FinalName], overwrite: true);
                }

                foreach (string old in new[] { "part-00007.csv", "old.txt", "part-00004.csv" }.Take(removed))
                {
                    File.Delete(directory[old]);
                }

                await run.CommitAsync();

                VerifyOutput(directory, $"{renamed} renamed, {removed} removed");
            }
        }
    }

    [TestMethod]
    public async Task Without_overwrite_too_a_broken_off_commit_is_completed()
    {
        for (int renamed = 0; renamed <= Subtasks; renamed++)
        {
            using TemporaryDirectory directory = new();
            SinkRun<int> run = RunOf(directory);
            await run.PrepareAsync();
            await run.WriteAsync(Records);
            foreach (FileCommittable file in run.Committables.Select(FileCommittable.Read).Take(renamed))
            {
                File.Move(directory[file.HiddenName], directory[file.FinalName]);
            }

            await run.CommitAsync();

            VerifyOutput(directory, $"{renamed} renamed");
        }
    }

    [TestMethod]
    public async Task A_directory_that_is_not_empty_is_refused_and_left_alone()
    {
        using TemporaryDirectory directory = new();
        FillOld(directory);
        SinkRun<int> run = RunOf(directory);
        OutputRefusedException failure = await Assert.ThrowsExactlyAsync<OutputRefusedException>(run.PrepareAsync);
        Assert.Contains(directory.FullPath, failure.Message);
        Assert.Contains("'old.txt', 'part-00000.csv', 'part-00004.csv' and 1 more", failure.Message);
        Assert.Contains("--overwrite", failure.Message);
        Assert.AreEqual(Recovery.Fail, failure.Recovery);
        await run.AbortAsync();
        VerifyOld(directory);
    }

    [TestMethod]
    public async Task A_file_in_place_of_the_directory_is_refused()
    {
        using TemporaryDirectory directory = new();
        string path = directory.Write("out", "x");
        SinkRun<int> run = new(FileSink.Csv(path, options => options.Overwrite = true).For<int>());
        OutputRefusedException failure = await Assert.ThrowsExactlyAsync<OutputRefusedException>(run.PrepareAsync);
        Assert.AreEqual(path, failure.Path);
    }

    [TestMethod]
    public async Task A_directory_within_is_never_overwritten()
    {
        using TemporaryDirectory directory = new();
        directory.Write("src/program.cs", "x");
        SinkRun<int> run = RunOf(directory, overwrite: true);
        OutputRefusedException failure = await Assert.ThrowsExactlyAsync<OutputRefusedException>(run.PrepareAsync);
        Assert.Contains("'src'", failure.Message);
        Assert.IsTrue(File.Exists(directory["src/program.cs"]));
    }

    [TestMethod]
    public async Task Hidden_files_do_not_count_and_are_not_touched()
    {
        using TemporaryDirectory directory = new();
        string[] hidden = [".gitkeep", $".millrace-{new string('2', 32)}-part-00000.csv-0.inprogress"];
        foreach (string name in hidden)
        {
            directory.Write(name, "x");
        }

        foreach (bool overwrite in (bool[])[false, true])
        {
            SinkRun<int> run = RunOf(directory, overwrite);
            await run.RunAsync(Records);
            CollectionAssert.IsSubsetOf(hidden, NamesIn(directory));
            foreach (int subtask in Enumerable.Range(0, Subtasks))
            {
                File.Delete(directory[$"part-0000{subtask}.csv"]);
            }
        }
    }

    [TestMethod]
    public async Task A_job_that_fails_leaves_the_old_output_as_it_was()
    {
        using TemporaryDirectory directory = new();
        FillOld(directory);
        SinkRun<int> run = RunOf(directory, overwrite: true);
        await run.PrepareAsync();
        await run.WriteAsync(Records);
        VerifyOld(directory, visibleOnly: true);

        await run.AbortAsync();
        await run.AbortAsync();

        VerifyOld(directory);
    }

    [TestMethod]
    public async Task An_abort_removes_what_killed_attempts_left_and_nothing_of_other_jobs()
    {
        using TemporaryDirectory directory = new();
        string job = new('1', 32);
        string[] own =
            [$".millrace-{job}-part-00000.csv-0.inprogress", $".millrace-{job}-part-123456.csv-17.inprogress"];
        string[] foreign =
        [
            $".millrace-{new string('2', 32)}-part-00000.csv-0.inprogress",
            $".millrace-{job}-other-00000.csv-0.inprogress",
            $".millrace-{job}-part-00000.txt-0.inprogress",
            $".millrace-{job}-part-2-00000.csv-0.inprogress",
            $".millrace-{job}-part-00000.csv-0.inprogress.bak",
            $".millrace-{job}-part-00000.csv-.inprogress",
            "part-00000.csv",
        ];
        foreach (string name in own.Concat(foreign))
        {
            directory.Write(name, "x");
        }

        await RunOf(directory).AbortAsync();

        CollectionAssert.AreEquivalent(foreign, NamesIn(directory));
    }

    [TestMethod]
    public async Task An_abort_of_a_job_that_never_wrote_is_nothing()
    {
        using TemporaryDirectory directory = new();
        SinkRun<int> run = new(FileSink.Csv(directory["never/made"]).For<int>());
        await run.AbortAsync();
        Assert.IsFalse(Directory.Exists(directory["never"]));
    }

    [TestMethod]
    public async Task A_commit_takes_the_finished_attempts_and_removes_what_killed_ones_left()
    {
        using TemporaryDirectory directory = new();
        SinkRun<int> run = RunOf(directory);
        await run.PrepareAsync();
        for (int subtask = 0; subtask < Subtasks; subtask++)
        {
            directory.Write($".millrace-{run.JobId}-part-0000{subtask}.csv-0.inprogress", "torn");
        }

        await run.WriteAsync(Records, attempt: 1);
        await run.CommitAsync();
        VerifyOutput(directory);
    }

    [TestMethod]
    public async Task A_complete_file_that_is_gone_or_shorter_fails_the_commit_before_any_is_visible()
    {
        foreach (bool gone in (bool[])[true, false])
        {
            using TemporaryDirectory directory = new();
            SinkRun<int> run = RunOf(directory);
            await run.PrepareAsync();
            await run.WriteAsync(Records);
            string path = directory[FileCommittable.Read(run.Committables[2]).HiddenName];
            if (gone)
            {
                File.Delete(path);
            }
            else
            {
                await File.WriteAllTextAsync(path, "1");
            }

            FileWriteException failure = await Assert.ThrowsExactlyAsync<FileWriteException>(run.CommitAsync);
            Assert.AreEqual(path, failure.Path);
            Assert.AreEqual(Recovery.Fail, failure.Recovery);
            Assert.IsTrue(NamesIn(directory).All(name => name[0] == '.'));
        }
    }

    [TestMethod]
    public async Task Files_that_appeared_during_the_job_are_neither_replaced_nor_removed()
    {
        using TemporaryDirectory directory = new();
        FillOld(directory);
        SinkRun<int> run = RunOf(directory, overwrite: true);
        await run.PrepareAsync();
        await run.WriteAsync(Records);
        directory.Write("notes.txt", "came later");
        directory.Write("old.txt", "changed later");
        await run.CommitAsync();
        Assert.AreEqual("came later", await File.ReadAllTextAsync(directory["notes.txt"]));
        Assert.AreEqual("changed later", await File.ReadAllTextAsync(directory["old.txt"]));

        SinkRun<int> second = RunOf(directory, overwrite: true, job: '2');
        await second.PrepareAsync();
        await second.WriteAsync(Records);
        directory.Write("part-00001.csv", "of another job");
        OutputRefusedException failure = await Assert.ThrowsExactlyAsync<OutputRefusedException>(second.CommitAsync);
        Assert.Contains("'part-00001.csv'", failure.Message);
        Assert.AreEqual("of another job", await File.ReadAllTextAsync(directory["part-00001.csv"]));
    }

    [TestMethod]
    public async Task Of_two_jobs_that_write_to_one_empty_directory_the_second_to_finish_is_refused()
    {
        using TemporaryDirectory directory = new();
        SinkRun<int> first = RunOf(directory);
        SinkRun<int> second = RunOf(directory, job: '2');
        await first.PrepareAsync();
        await second.PrepareAsync();
        await first.WriteAsync(Records);
        await second.WriteAsync([7]);
        await first.CommitAsync();
        await Assert.ThrowsExactlyAsync<OutputRefusedException>(second.CommitAsync);
        await second.AbortAsync();
        VerifyOutput(directory);
    }

    // The third file cannot get its name, however often it is tried: the job fails, and nothing is to remain.
    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public async Task A_commit_that_is_given_up_half_way_is_taken_back(bool overwrite)
    {
        using TemporaryDirectory directory = new();
        if (overwrite)
        {
            FillOld(directory);
        }

        SinkRun<int> run = RunOf(directory, overwrite);
        await run.PrepareAsync();
        await run.WriteAsync(Records);
        Directory.CreateDirectory(directory["part-00002.csv"]);
        for (int attempt = 0; attempt < 3; attempt++)
        {
            await Assert.ThrowsExactlyAsync<FileWriteException>(run.CommitAsync);
            Assert.IsTrue(File.Exists(directory["part-00001.csv"]));
        }

        Directory.Delete(directory["part-00002.csv"]);
        await run.AbortAsync();
        if (overwrite)
        {
            VerifyOld(directory);
        }
        else
        {
            Assert.IsEmpty(NamesIn(directory));
        }
    }

    [TestMethod]
    public void Bytes_that_are_no_committable_are_refused()
    {
        byte[] bytes = new FileCommittable(".hidden", "part-00000.csv", 5).ToBytes();
        Assert.AreEqual(new FileCommittable(".hidden", "part-00000.csv", 5), FileCommittable.Read(bytes));
        for (int length = 0; length < bytes.Length; length++)
        {
            Assert.ThrowsExactly<InvalidDataException>(() => FileCommittable.Read(bytes[..length]), $"{length} bytes");
        }

        Assert.ThrowsExactly<InvalidDataException>(() => FileCommittable.Read([2, .. bytes.AsSpan(1)]));
        Assert.ThrowsExactly<InvalidDataException>(
            () => FileCommittable.Read(new FileCommittable(".hidden", "../part", 5).ToBytes()));
    }

    private static SinkRun<int> RunOf(TemporaryDirectory directory, bool overwrite = false, char job = '1') =>
        new(FileSink.Csv(directory.FullPath, options => options.Overwrite = overwrite).For<int>(), Subtasks)
        {
            JobId = new string(job, 32),
        };

    private static void FillOld(TemporaryDirectory directory)
    {
        foreach (string name in (string[])["part-00000.csv", "part-00004.csv", "part-00007.csv", "old.txt"])
        {
            directory.Write(name, $"old {name}");
        }
    }

    private static void VerifyOld(TemporaryDirectory directory, bool visibleOnly = false)
    {
        string[] names = [.. NamesIn(directory).Where(name => !visibleOnly || name[0] != '.')];
        CollectionAssert.AreEquivalent(
            new[] { "old.txt", "part-00000.csv", "part-00004.csv", "part-00007.csv" }, names);
        foreach (string name in names)
        {
            Assert.AreEqual($"old {name}", File.ReadAllText(directory[name]));
        }
    }

    private static void VerifyOutput(TemporaryDirectory directory, string message = "")
    {
        string[] expected = [.. Enumerable.Range(0, Subtasks).Select(subtask => $"part-0000{subtask}.csv")];
        CollectionAssert.AreEquivalent(expected, NamesIn(directory), message);
        for (int subtask = 0; subtask < Subtasks; subtask++)
        {
            int own = subtask;
            CollectionAssert.AreEqual(
                Records.Where(record => record % Subtasks == own).Select(record => $"{record}").ToArray(),
                File.ReadAllLines(directory[expected[subtask]]),
                message);
        }
    }

    private static string[] NamesIn(TemporaryDirectory directory) =>
        [.. Directory.GetFileSystemEntries(directory.FullPath).Select(path => Path.GetFileName(path))];
}
