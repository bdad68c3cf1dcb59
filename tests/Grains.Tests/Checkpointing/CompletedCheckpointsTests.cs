using Millrace.Checkpointing.Storage;
using Millrace.Jobs;

namespace Millrace.Checkpointing;

[TestClass]
public sealed class CompletedCheckpointsTests
{
    private static readonly JobEpoch Epoch = new(2);

    [TestMethod]
    public void The_files_of_one_that_is_superseded_are_removed_once()
    {
        CompletedCheckpoints completed = new(retained: 1, []);
        completed.Add(Number(1), ["a", "b"], begun: 1);
        Assert.IsTrue(completed.Release(oldest: 2).IsEmpty);
        completed.Add(Number(2), ["c"], begun: 2);

        CollectionAssert.AreEquivalent(new[] { "a", "b" }, completed.Release(oldest: 3).Files.ToArray());
        Assert.IsTrue(completed.Release(oldest: 3).IsEmpty);
    }

    // A checkpoint that holds only what has changed names the files of those that it builds on.
    [TestMethod]
    public void A_file_that_a_kept_one_names_stays_however_old_it_is()
    {
        CompletedCheckpoints completed = new(retained: 2, []);
        completed.Add(Number(1), ["base", "m1"], begun: 1);
        completed.Add(Number(2), ["base", "d2", "m2"], begun: 2);
        completed.Add(Number(3), ["base", "d2", "d3", "m3"], begun: 3);
        CollectionAssert.AreEquivalent(new[] { "m1" }, completed.Release(oldest: 4).Files.ToArray());
        completed.Add(Number(4), ["rebased", "m4"], begun: 4);
        CollectionAssert.AreEquivalent(new[] { "m2" }, completed.Release(oldest: 5).Files.ToArray());
        completed.Add(Number(5), ["rebased", "m5"], begun: 5);

        CollectionAssert.AreEquivalent(
            new[] { "base", "d2", "d3", "m3" }, completed.Release(oldest: 6).Files.ToArray());
    }

    // One that began before may build on files of the one that is superseded now.
    [TestMethod]
    public void Nothing_is_removed_that_one_under_way_may_build_on()
    {
        CompletedCheckpoints completed = new(retained: 1, []);
        completed.Add(Number(1), ["a"], begun: 1);
        completed.Add(Number(2), ["b"], begun: 3);
        Assert.IsTrue(completed.Release(oldest: 3).IsEmpty);
        completed.Add(Number(3), ["a", "c"], begun: 3);

        CollectionAssert.AreEquivalent(new[] { "b" }, completed.Release(oldest: 4).Files.ToArray());
    }

    [TestMethod]
    public void What_was_given_up_leads_to_a_look_at_all_files()
    {
        CompletedCheckpoints completed = new(retained: 1, []);
        completed.Add(Number(1), ["a"], begun: 1);
        completed.LeaveBehind();

        CheckpointGarbage garbage = completed.Release(oldest: 3);
        Assert.AreEqual(3, garbage.Below);
        Assert.AreEqual(new CheckpointReference(1, Epoch), garbage.Keep!.Value.Single().Checkpoint);
        Assert.IsTrue(completed.Release(oldest: 3).IsEmpty);
    }

    // Only its metadata tells which files a former epoch's checkpoint consists of.
    [TestMethod]
    public void What_older_epochs_kept_is_kept_by_its_metadata()
    {
        CompletedCheckpoints completed = new(retained: 2, [Number(7), Number(6)]);
        Assert.AreEqual(7, completed.Latest!.Number);
        Assert.IsNull(completed.Release(oldest: 8).Keep!.Value[0].Files);
        completed.Add(Number(8), ["h"], begun: 8);

        CheckpointGarbage garbage = completed.Release(oldest: 9);
        CollectionAssert.AreEquivalent(
            new long[] { 7, 8 }, garbage.Keep!.Value.Select(kept => kept.Checkpoint.Number).ToArray());
    }

    [TestMethod]
    public void Going_back_past_one_that_committed_is_told_until_another_is_complete()
    {
        CompletedCheckpoints completed = new(retained: 3, []);
        completed.Add(Number(1), ["a"], begun: 1);
        completed.Add(Number(2) with { Commits = true }, ["b"], begun: 2);
        completed.Add(Number(3), ["c"], begun: 3);
        Assert.IsFalse(completed.Discard(new CheckpointReference(9, Epoch), "unknown"));
        Assert.IsTrue(completed.Discard(Number(3).Reference, "three"));
        Assert.IsFalse(completed.HasPassedCommits);
        Assert.IsTrue(completed.Discard(Number(2).Reference, "two"));
        Assert.IsTrue(completed.HasPassedCommits);
        Assert.AreEqual(1, completed.Latest!.Number);
        CollectionAssert.AreEqual(new[] { "three", "two" }, completed.Findings.ToArray());

        completed.Add(Number(4), ["d"], begun: 4);
        Assert.IsFalse(completed.HasPassedCommits);
        Assert.IsEmpty(completed.Findings.ToArray());
    }

    private static RetainedCheckpoint Number(long number) =>
        new(number, Epoch, DateTimeOffset.UnixEpoch, TimeSpan.FromSeconds(1), 10, Commits: false);
}
