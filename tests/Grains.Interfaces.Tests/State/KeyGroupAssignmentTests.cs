namespace Millrace.State;

[TestClass]
public sealed class KeyGroupAssignmentTests
{
    // Every split of up to 140 key groups, so that no case of rounding is left to luck.
    [TestMethod]
    public void Over_all_subtasks_every_key_group_is_covered_exactly_once_and_in_order()
    {
        for (int keyGroups = 1; keyGroups <= 140; keyGroups++)
        {
            for (int parallelism = 1; parallelism <= keyGroups; parallelism++)
            {
                AssertCovered(keyGroups, parallelism);
            }
        }
    }

    [TestMethod]
    [DataRow(KeyGroupAssignment.MaxKeyGroups, KeyGroupAssignment.MaxKeyGroups)]
    [DataRow(KeyGroupAssignment.MaxKeyGroups, KeyGroupAssignment.MaxKeyGroups - 1)]
    [DataRow(KeyGroupAssignment.MaxKeyGroups, 3)]
    [DataRow(KeyGroupAssignment.MaxKeyGroups - 1, 7)]
    public void The_largest_numbers_do_not_overflow(int keyGroups, int parallelism) =>
        AssertCovered(keyGroups, parallelism);

    [TestMethod]
    public void Shares_differ_by_one_key_group_at_most()
    {
        for (int parallelism = 1; parallelism <= 128; parallelism++)
        {
            int[] counts = [.. Enumerable.Range(0, parallelism)
                .Select(subtask => KeyGroupAssignment.RangeOf(128, parallelism, subtask).Count)];
            Assert.IsLessThanOrEqualTo(1, counts.Max() - counts.Min(), $"parallelism {parallelism}");
        }
    }

    [TestMethod]
    [DataRow(0, 1, 0)]
    [DataRow(KeyGroupAssignment.MaxKeyGroups + 1, 1, 0)]
    [DataRow(128, 0, 0)]
    [DataRow(128, 129, 0)]
    [DataRow(128, 2, -1)]
    [DataRow(128, 2, 2)]
    public void What_lies_outside_the_bounds_is_refused(int keyGroups, int parallelism, int subtask) =>
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(
            () => KeyGroupAssignment.RangeOf(keyGroups, parallelism, subtask));

    [TestMethod]
    public void Only_the_high_half_of_a_hash_chooses_the_key_group()
    {
        for (int keyGroups = 1; keyGroups <= 140; keyGroups++)
        {
            Assert.AreEqual(0, KeyGroupAssignment.KeyGroupOf(0, keyGroups));
            Assert.AreEqual(0, KeyGroupAssignment.KeyGroupOf(uint.MaxValue, keyGroups));
            Assert.AreEqual(keyGroups - 1, KeyGroupAssignment.KeyGroupOf(ulong.MaxValue, keyGroups));
            Assert.AreEqual(keyGroups - 1, KeyGroupAssignment.KeyGroupOf(0xFFFF_FFFF_0000_0000, keyGroups));
        }

        Assert.AreEqual(
            KeyGroupAssignment.MaxKeyGroups - 1,
            KeyGroupAssignment.KeyGroupOf(ulong.MaxValue, KeyGroupAssignment.MaxKeyGroups));
    }

    [TestMethod]
    public void Neighbouring_numbers_spread_evenly_over_the_key_groups()
    {
        const int KeyGroups = 128;
        const int KeysPerGroup = 1_000;
        int[] counts = new int[KeyGroups];
        for (long key = 0; key < KeyGroups * KeysPerGroup; key++)
        {
            counts[KeyGroupAssignment.KeyGroupOf(KeyHash.OfInt64(key), KeyGroups)]++;
        }

        // Six standard deviations of a fair spread, about 32 each.
        Assert.IsLessThanOrEqualTo(190, counts.Max() - KeysPerGroup, "fullest");
        Assert.IsLessThanOrEqualTo(190, KeysPerGroup - counts.Min(), "emptiest");
    }

    private static void AssertCovered(int keyGroups, int parallelism)
    {
        int next = 0;
        for (int subtask = 0; subtask < parallelism; subtask++)
        {
            KeyGroupRange range = KeyGroupAssignment.RangeOf(keyGroups, parallelism, subtask);
            Assert.AreEqual(next, range.First, $"{keyGroups} key groups, subtask {subtask} of {parallelism}");
            Assert.IsGreaterThan(0, range.Count, $"{keyGroups} key groups, subtask {subtask} of {parallelism}");
            for (int keyGroup = range.First; keyGroup < range.End; keyGroup++)
            {
                int owner = KeyGroupAssignment.SubtaskOf(keyGroup, keyGroups, parallelism);
                Assert.AreEqual(subtask, owner, $"owner of {keyGroup} of {keyGroups}, parallelism {parallelism}");
            }

            next = range.End;
        }

        Assert.AreEqual(keyGroups, next, $"end of all ranges, parallelism {parallelism}");
    }
}
