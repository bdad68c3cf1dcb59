using Millrace.Failures;
using Millrace.Jobs;

namespace Millrace.Slots;

[TestClass]
public sealed class SlotTableTests
{
    private static readonly JobId A = new(new Id128(0, 1));
    private static readonly JobId B = new(new Id128(0, 2));
    private static readonly JobEpoch One = new(1);
    private static readonly JobEpoch Two = new(2);

    private readonly SlotTable _table = new(3, new SiloIdentity("127.0.0.1:1@1", "one"));

    private string Text => string.Join(' ', _table.Statuses.Select(slot => slot.State switch
    {
        SlotState.Free => "-",
        SlotState.Lost => "x",
        _ => $"{(slot.Job == A ? "a" : "b")}{slot.Epoch.Value}{(slot.State == SlotState.Releasing ? "?" : "")}",
    }));

    [TestMethod]
    public void Slots_are_given_all_or_none()
    {
        CollectionAssert.AreEqual(new[] { 0, 1 }, _table.Reserve(A, One, 2));
        Assert.IsEmpty(_table.Reserve(B, One, 2));
        Assert.AreEqual("a1 a1 -", Text);
        CollectionAssert.AreEqual(new[] { 2 }, _table.Reserve(B, One, 1));
        Assert.AreEqual("a1 a1 b1", Text);
    }

    [TestMethod]
    public void Asking_again_gives_the_same_slots_and_only_what_is_missing()
    {
        _table.Reserve(A, One, 1);
        CollectionAssert.AreEqual(new[] { 0 }, _table.Reserve(A, One, 1));
        CollectionAssert.AreEqual(new[] { 0, 1, 2 }, _table.Reserve(A, One, 3));
        Assert.IsEmpty(_table.Reserve(A, One, 4));
        Assert.AreEqual("a1 a1 a1", Text);
    }

    [TestMethod]
    public void An_older_epoch_gets_nothing_and_takes_nothing()
    {
        _table.Reserve(A, Two, 1);
        Assert.ThrowsExactly<StaleEpochException>(() => _table.Reserve(A, One, 1));
        Assert.ThrowsExactly<StaleEpochException>(() => _table.TryReserve(1, A, One));
        _table.Release(A, One, stillRunning: false);
        Assert.AreEqual("a2 - -", Text);
    }

    [TestMethod]
    public void A_newer_epoch_does_not_use_slots_of_an_older_one_but_gives_them_back()
    {
        _table.Reserve(A, One, 2);
        CollectionAssert.AreEqual(new[] { 2 }, _table.Reserve(A, Two, 1));
        Assert.IsEmpty(_table.Reserve(A, Two, 2));
        _table.Release(A, Two, stillRunning: false);
        Assert.AreEqual("- - -", Text);
    }

    [TestMethod]
    public void A_slot_in_which_something_runs_is_free_only_after_that()
    {
        _table.Reserve(A, One, 2);
        _table.Release(A, One, stillRunning: true);
        Assert.AreEqual("a1? a1? -", Text);
        Assert.IsEmpty(_table.Reserve(B, One, 2));
        _table.Settle(job => job == A);
        Assert.AreEqual("a1? a1? -", Text);
        _table.Settle(job => job == B);
        Assert.AreEqual("- - -", Text);
    }

    [TestMethod]
    public void A_lost_slot_stays_lost_and_is_explained()
    {
        _table.Reserve(A, One, 3);
        Assert.IsNull(_table.Degradation);
        _table.GiveUp(1, "'x' did not stop");
        _table.GiveUp(1, "again");
        _table.Release(A, One, stillRunning: false);
        Assert.AreEqual("- x -", Text);
        Assert.AreEqual("1 of 3 slots are lost: 'x' did not stop", _table.Degradation);
        Assert.IsEmpty(_table.Reserve(B, One, 3));
        Assert.IsFalse(_table.TryReserve(1, B, One));
    }

    [TestMethod]
    public void Only_the_holder_may_deploy_into_a_slot()
    {
        _table.Reserve(A, One, 1);
        _table.RequireHeld(A, One, 0);
        Assert.ThrowsExactly<SlotNotHeldException>(() => _table.RequireHeld(A, Two, 0));
        Assert.ThrowsExactly<SlotNotHeldException>(() => _table.RequireHeld(B, One, 0));
        Assert.ThrowsExactly<SlotNotHeldException>(() => _table.RequireHeld(A, One, 1));
        SlotNotHeldException refused =
            Assert.ThrowsExactly<SlotNotHeldException>(() => _table.RequireHeld(A, One, 3));
        StringAssert.Contains(refused.Message, "the silo has 3 slots");
    }

    [TestMethod]
    public void Whoever_waits_hears_of_a_change_and_of_nothing_else()
    {
        Task changed = _table.Changed;
        _table.Release(A, One, stillRunning: false);
        _table.Settle(_ => false);
        _table.Reserve(A, One, 4);
        Assert.IsFalse(changed.IsCompleted);
        _table.Reserve(A, One, 1);
        Assert.IsTrue(changed.IsCompleted);
        Assert.IsFalse(_table.Changed.IsCompleted);
    }
}
