namespace Millrace.Network;

[TestClass]
public sealed class SpscQueueTests
{
    // Against a plain queue, through growing and wrapping rings.
    [TestMethod]
    public void It_is_a_queue()
    {
        for (int seed = 0; seed < 20; seed++)
        {
            Random random = new(seed);
            SpscQueue<int> queue = new();
            Queue<int> model = new();
            for (int i = 0; i < 20_000; i++)
            {
                if (random.Next(100) < (i / 5_000 % 2 == 0 ? 60 : 40))
                {
                    queue.Add(i);
                    model.Enqueue(i);
                }
                else
                {
                    bool any = queue.TryTake(out int taken);
                    Assert.AreEqual(model.TryDequeue(out int expected), any);
                    Assert.AreEqual(expected, taken);
                }
            }
        }
    }

    [TestMethod]
    public async Task Two_threads_see_every_item_once_and_in_order()
    {
        const int Count = 2_000_000;
        SpscQueue<int> queue = new();
        Task adding = Task.Run(() =>
        {
            for (int i = 0; i < Count; i++)
            {
                queue.Add(i);
            }
        });

        int next = 0;
        while (next < Count)
        {
            if (queue.TryTake(out int item))
            {
                Assert.AreEqual(next++, item);
            }
            else if (adding.IsFaulted)
            {
                break;
            }
        }

        await adding;
        Assert.IsFalse(queue.TryTake(out _));
    }

    // What was taken must not be kept alive by the ring.
    [TestMethod]
    public void It_does_not_hold_what_was_taken()
    {
        SpscQueue<object> queue = new();
        WeakReference taken = AddAndTake(queue);
        GC.Collect();
        Assert.IsFalse(taken.IsAlive);
        Assert.IsFalse(queue.TryTake(out _));
    }

    [System.Runtime.CompilerServices.MethodImpl(System.Runtime.CompilerServices.MethodImplOptions.NoInlining)]
    private static WeakReference AddAndTake(SpscQueue<object> queue)
    {
        queue.Add(new object());
        queue.TryTake(out object item);
        return new WeakReference(item);
    }
}
