namespace Millrace.Connectors.Datagen;

[TestClass]
public sealed class NumberRunTests
{
    // Every length up to several vectors, so that no rest is left out, and beyond the greatest number.
    [TestMethod]
    [DataRow(0L, 1L)]
    [DataRow(-5L, 1L)]
    [DataRow(7L, 3L)]
    [DataRow(long.MaxValue - 6, 1L)]
    [DataRow(long.MaxValue - 6, long.MaxValue)]
    [DataRow(3L, 0L)]
    public void Numbers_stand_at_equal_distances(long first, long step)
    {
        for (int length = 0; length <= 40; length++)
        {
            long[] room = [.. Enumerable.Repeat(-1L, length + 1)];

            NumberRun.Fill(room.AsSpan(0, length), first, step);

            for (int i = 0; i < length; i++)
            {
                Assert.AreEqual(unchecked(first + (i * step)), room[i], $"number {i} of {length}");
            }

            Assert.AreEqual(-1, room[length], "nothing is written behind the room");
        }
    }
}
