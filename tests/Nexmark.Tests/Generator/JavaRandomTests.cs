namespace Millrace.Examples.Nexmark.Generator;

/// <summary>Against numbers of the Java class, and against what its documentation promises.</summary>
[TestClass]
public sealed class JavaRandomTests
{
    [TestMethod]
    public void Any_gives_the_numbers_of_the_java_class()
    {
        var random = new JavaRandom(42);

        Assert.AreEqual(-1_170_105_035, random.Any());
        Assert.AreEqual(234_785_527, random.Any());
    }

    // What the documentation of nextInt(int) promises, for bounds that hardly ever refuse a number.
    [TestMethod]
    public void Below_is_the_remainder_of_31_bits_and_for_powers_of_two_the_upper_bits()
    {
        var random = new JavaRandom(7);
        var reference = new JavaRandom(7);
        for (int i = 0; i < 1_000; i++)
        {
            Assert.AreEqual((reference.Any() >>> 1) % 100, random.Below(100));
            Assert.AreEqual(reference.Any() >>> 28, random.Below(16));
        }
    }

    [TestMethod]
    public void Fraction_gives_the_numbers_of_the_java_class() =>
        Assert.AreEqual(0.7275636800328681, new JavaRandom(42).Fraction());

    // With a bound just above 2 to the 30th, about half of the numbers drawn must be refused.
    [TestMethod]
    public void Below_refuses_the_last_incomplete_run()
    {
        const int Bound = (1 << 30) + 1;
        var random = new JavaRandom(1);
        var reference = new JavaRandom(1);
        int refused = 0;
        for (int i = 0; i < 1_000; i++)
        {
            int number = reference.Any() >>> 1;
            while (number >= Bound)
            {
                refused++;
                number = reference.Any() >>> 1;
            }

            Assert.AreEqual(number, random.Below(Bound));
        }

        Assert.IsGreaterThan(800, refused);
    }

    // Digits of the number to the base of 26, the least one first; those of a negative number are negative.
    [TestMethod]
    public void A_text_has_six_characters_of_each_number()
    {
        for (int length = 0; length <= 20; length++)
        {
            for (int seed = 0; seed < 1_000; seed++)
            {
                var random = new JavaRandom(seed);
                var reference = new JavaRandom(seed);
                char[] text = new char[length + 1];

                random.Fill(text.AsSpan(0, length));

                for (int i = 0, rest = 0; i < length; i++)
                {
                    rest = i % 6 == 0 ? reference.Any() : rest / 26;
                    Assert.AreEqual((char)('a' + (rest % 26)), text[i], $"character {i} of {length}, seed {seed}");
                }

                Assert.AreEqual('\0', text[length], "nothing is written behind it");
                Assert.AreEqual(reference.Any(), random.Any(), "one number is drawn for each six characters");
            }
        }
    }
}
