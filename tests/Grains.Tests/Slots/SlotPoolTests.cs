using Millrace.Jobs;
using Millrace.Tasks;

namespace Millrace.Slots;

[TestClass]
public sealed class SlotPoolTests
{
    private static readonly JobId A = new(new Id128(0, 1));
    private static readonly JobEpoch One = new(1);

    // Every number of slots on three silos with every number of free ones up to four each.
    [TestMethod]
    public void Slots_are_spread_as_evenly_as_free_ones_allow()
    {
        for (int code = 0; code < 125; code++)
        {
            int[] free = [code % 5, code / 5 % 5, code / 25];
            SlotPool pool = PoolOf(free);
            for (int count = 1; count <= free.Sum(); count++)
            {
                IReadOnlyDictionary<string, int> chosen = pool.Choose(A, One, count)!;
                Assert.AreEqual(count, chosen.Values.Sum());
                for (int silo = 0; silo < 3; silo++)
                {
                    int taken = chosen.GetValueOrDefault($"silo{silo}");
                    Assert.IsLessThanOrEqualTo(free[silo], taken);
                    bool hasMore = taken < free[silo];
                    Assert.IsTrue(
                        !hasMore || chosen.Values.Max() - taken <= 1, $"{string.Join('/', free)}: {count}");
                }
            }

            Assert.IsNull(pool.Choose(A, One, free.Sum() + 1));
        }
    }

    [TestMethod]
    public void Slots_that_the_job_holds_count_and_those_of_others_do_not()
    {
        SlotPool pool = PoolOf([2, 2]);
        pool.Reserved("silo0", [0, 1], A, One);
        Assert.IsNotNull(pool.Choose(A, One, 4));
        Assert.IsNull(pool.Choose(A, One.Next(), 3));
        Assert.AreEqual("silo1", pool.Choose(new JobId(new Id128(0, 2)), One, 2)!.Keys.Single());
        CollectionAssert.AreEqual(new[] { "silo0" }, pool.SilosOf(A).ToArray());
        Assert.AreEqual(2, pool.Free);
    }

    // What a job holds is in use: when it asks again after a loss, it asks for the rest.
    [TestMethod]
    public void Slots_that_the_job_holds_are_kept_wherever_there_is_more_room()
    {
        SlotPool pool = PoolOf([4, 8, 8]);
        pool.Reserved("silo0", [0, 1, 2], A, One);
        IReadOnlyDictionary<string, int> chosen = pool.Choose(A, One, 4)!;

        Assert.AreEqual(3, chosen["silo0"]);
        Assert.AreEqual(4, chosen.Values.Sum());
    }

    [TestMethod]
    public void Silos_that_the_job_would_like_come_first_as_far_as_they_have_room()
    {
        SlotPool pool = PoolOf([2, 8, 8]);
        IReadOnlyDictionary<string, int> chosen = pool.Choose(
            A, One, 6, preferred: [new PreferredSilo("silo0", 3), new PreferredSilo("gone", 2)])!;

        Assert.AreEqual(2, chosen["silo0"]);
        Assert.AreEqual(6, chosen.Values.Sum());
        Assert.AreEqual(2, pool.Choose(A, One, 2, preferred: [new PreferredSilo("silo2", 5)])!["silo2"]);
    }

    [TestMethod]
    public void Neighbours_are_on_different_silos_where_that_is_possible()
    {
        GrantedSlot[] order =
        [
            .. SlotPool.Interleave([Granted("b", 2), Granted("a", 3), Granted("c", 1)]),
        ];
        Assert.AreEqual("a b c a b a", string.Join(' ', order.Select(slot => slot.SiloName)));
    }

    private static GrantedSlot[] Granted(string silo, int count) =>
        [.. Enumerable.Range(0, count).Select(index => new GrantedSlot(new SiloEndpoint(silo, "x"), silo, index))];

    private static SlotPool PoolOf(int[] free)
    {
        var pool = new SlotPool();
        for (int silo = 0; silo < free.Length; silo++)
        {
            pool.Set(new TaskManagerStatus(
                new SiloEndpoint($"silo{silo}", "x"),
                $"silo{silo}",
                [.. Enumerable.Range(0, free[silo]).Select(index =>
                    new SlotStatus(index, SlotState.Free, null, JobEpoch.None))],
                0,
                null));
        }

        return pool;
    }
}
