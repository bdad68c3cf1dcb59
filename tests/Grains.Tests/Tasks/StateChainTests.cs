using Millrace.Checkpointing;
using Millrace.State.Snapshots;
using Millrace.Tasks.Checkpointing;

namespace Millrace.Tasks;

[TestClass]
public sealed class StateChainTests
{
    private readonly TaskHostOptions _options = new();

    [TestMethod]
    public void The_first_one_holds_everything_and_the_next_one_changes_of_a_completed_one()
    {
        StateChain chain = new(_options);

        Assert.AreEqual(new SnapshotOrder(1, 0, TracksChanges: true), chain.Begin(1, isSavepoint: false));
        StateHandle first = chain.Written(1, File("a", 1_000), isChange: true);
        Assert.IsTrue(chain.Ended(1, 1));
        Assert.AreEqual(new SnapshotOrder(2, 1, TracksChanges: true), chain.Begin(2, isSavepoint: false));
        StateHandle second = chain.Written(2, File("b", 10), isChange: true);

        Assert.IsEmpty(first.Earlier);
        CollectionAssert.AreEqual(new[] { "a", "b" }, second.Files().ToArray());
        Assert.IsFalse(chain.Ended(1, 1), "it knows already");
    }

    // It was to hold changes, and nobody knew them any more: the files of the one before may go.
    [TestMethod]
    public void What_turns_out_to_hold_everything_names_no_file_but_its_own()
    {
        StateChain chain = new(_options);
        Complete(chain, 1, "a", 1_000);
        Assert.AreEqual(1, chain.Begin(2, isSavepoint: false).BuildsOn);
        StateHandle second = chain.Written(2, File("b", 1_000), isChange: false);
        chain.Ended(2, 2);
        Assert.AreEqual(2, chain.Begin(3, isSavepoint: false).BuildsOn);
        StateHandle third = chain.Written(3, File("c", 10), isChange: true);

        CollectionAssert.AreEqual(new[] { "b" }, second.Files().ToArray());
        CollectionAssert.AreEqual(new[] { "b", "c" }, third.Files().ToArray());
    }

    [TestMethod]
    public void Nothing_builds_upon_one_that_was_not_completed()
    {
        StateChain chain = new(_options);
        Complete(chain, 1, "a", 1_000);
        chain.Begin(2, isSavepoint: false);
        chain.Written(2, File("b", 10), isChange: true);

        Assert.IsFalse(chain.Ended(1, 2));
        Assert.AreEqual(1, chain.Begin(3, isSavepoint: false).BuildsOn);
        StateHandle third = chain.Written(3, File("c", 10), isChange: true);
        CollectionAssert.AreEqual(new[] { "a", "c" }, third.Files().ToArray());
    }

    // With it completed, the files of those before are not kept for long.
    [TestMethod]
    public void While_one_that_holds_everything_is_under_way_the_next_one_does_too()
    {
        _options.MaxIncrements = 1;
        StateChain chain = new(_options);
        Complete(chain, 1, "a", 1_000);
        Complete(chain, 2, "b", 10);

        Assert.AreEqual(0, chain.Begin(3, isSavepoint: false).BuildsOn);
        _options.MaxIncrements = 16;
        Assert.AreEqual(0, chain.Begin(4, isSavepoint: false).BuildsOn);
        chain.Ended(2, 4);
        Assert.AreEqual(2, chain.Begin(5, isSavepoint: false).BuildsOn);
    }

    // With the third completed, what only the second one consists of is removed.
    [TestMethod]
    public void While_one_upon_another_base_is_under_way_the_next_one_holds_everything()
    {
        StateChain chain = new(_options);
        Complete(chain, 1, "a", 1_000);
        chain.Begin(2, isSavepoint: false);
        chain.Written(2, File("b", 10), isChange: true);
        Assert.AreEqual(1, chain.Begin(3, isSavepoint: false).BuildsOn);
        StateHandle third = chain.Written(3, File("c", 10), isChange: true);
        Assert.IsTrue(chain.Ended(2, 2), "heard of late");

        Assert.DoesNotContain("b", third.Files().ToArray());
        Assert.AreEqual(0, chain.Begin(4, isSavepoint: false).BuildsOn);
    }

    [TestMethod]
    public void After_many_changes_or_large_ones_everything_is_written_again()
    {
        _options.MaxIncrements = 3;
        StateChain chain = new(_options);
        for (int checkpoint = 1; checkpoint <= 12; checkpoint++)
        {
            long buildsOn = chain.Begin(checkpoint, isSavepoint: false).BuildsOn;
            Assert.AreEqual(checkpoint % 4 == 1, buildsOn == 0, $"checkpoint {checkpoint}");
            chain.Written(checkpoint, File($"{checkpoint}", buildsOn == 0 ? 1_000 : 10), isChange: true);
            chain.Ended(checkpoint, checkpoint);
        }

        chain = new StateChain(_options);
        Complete(chain, 1, "a", 1_000);
        Complete(chain, 2, "b", 501);
        Assert.AreEqual(0, chain.Begin(3, isSavepoint: false).BuildsOn);
    }

    [TestMethod]
    public void Savepoints_hold_everything_and_change_nothing()
    {
        StateChain chain = new(_options);
        Complete(chain, 1, "a", 1_000);

        Assert.AreEqual(0, chain.Begin(2, isSavepoint: true).BuildsOn);
        Assert.IsEmpty(chain.Written(2, File("save", 1_000), isChange: true).Earlier);
        Assert.IsFalse(chain.Ended(2, 2));
        Assert.AreEqual(1, chain.Begin(3, isSavepoint: false).BuildsOn);
    }

    [TestMethod]
    public void State_without_a_file_and_the_option_switched_off_build_upon_nothing()
    {
        StateChain chain = new(_options);
        chain.Begin(1, isSavepoint: false);
        chain.Written(1, new StateHandle(null, [1], 1, 0), isChange: true);
        chain.Ended(1, 1);
        Assert.AreEqual(0, chain.Begin(2, isSavepoint: false).BuildsOn);

        chain = new StateChain(new TaskHostOptions { IncrementalCheckpoints = false });
        Complete(chain, 1, "a", 1_000);
        Assert.AreEqual(new SnapshotOrder(2, 0, TracksChanges: false), chain.Begin(2, isSavepoint: false));
    }

    private static void Complete(StateChain chain, long checkpoint, string file, long length)
    {
        chain.Begin(checkpoint, isSavepoint: false);
        chain.Written(checkpoint, File(file, length), isChange: true);
        Assert.IsTrue(chain.Ended(checkpoint, checkpoint));
    }

    private static StateHandle File(string file, long length) => new(file, null, length, 0);
}
