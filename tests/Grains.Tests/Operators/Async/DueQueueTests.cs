namespace Millrace.Operators.Async;

[TestClass]
public sealed class DueQueueTests
{
    // Put in, put to other times and taken out at random, beside a plain list.
    [TestMethod]
    public void The_earliest_is_the_first_whatever_came_and_went()
    {
        for (int seed = 0; seed < 50; seed++)
        {
            var random = new Random(seed);
            AsyncElement<int, int>[] elements =
                [.. Enumerable.Range(0, 40).Select(i => new AsyncElement<int, int> { Value = i })];
            var queue = new DueQueue<int, int>();
            Dictionary<int, long> model = [];
            for (int step = 0; step < 600; step++)
            {
                AsyncElement<int, int> element = elements[random.Next(elements.Length)];
                long due = random.Next(100);
                switch (random.Next(5))
                {
                    case 0:
                        queue.Remove(element);
                        model.Remove(element.Value);
                        break;
                    case 1:
                        queue.Set(element, long.MaxValue);
                        model.Remove(element.Value);
                        break;
                    default:
                        queue.Set(element, due);
                        model[element.Value] = due;
                        break;
                }

                Assert.AreEqual(model.Count, queue.Count, $"seed {seed}");
                Assert.AreEqual(
                    model.Values.DefaultIfEmpty(long.MaxValue).Min(), queue.FirstDue, $"seed {seed}, step {step}");
                Assert.IsTrue(model.Count == 0 || model[queue.First.Value] == queue.FirstDue, $"seed {seed}");
            }

            Assert.IsTrue(
                Array.TrueForAll(elements, element => (element.DuePlace >= 0) == model.ContainsKey(element.Value)));
        }
    }
}
