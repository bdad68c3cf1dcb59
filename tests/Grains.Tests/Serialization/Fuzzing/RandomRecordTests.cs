namespace Millrace.Serialization.Fuzzing;

[TestClass]
public sealed class RandomRecordTests
{
    [TestMethod]
    [DynamicData(nameof(FuzzSeeds.All), typeof(FuzzSeeds))]
    public void Random_values_of_types_made_at_random_come_back(int seed)
    {
        Random random = new(seed);
        RandomTypes types = new(random, $"Random{seed}");
        SerializerSet set = new();
        for (int i = 0; i < 12; i++)
        {
            Type type = types.Next();
            for (int j = 0; j < 4; j++)
            {
                AssertComesBack(type, RandomValues.Of(type, random), set, seed);
            }
        }
    }

    private static void AssertComesBack(Type type, object? value, SerializerSet set, int seed)
    {
        try
        {
            RoundTrip.Check(type, value, set);
        }
        catch (AssertFailedException e)
        {
            Assert.Fail($"Seed {seed}: {e.Message}");
        }
    }
}
