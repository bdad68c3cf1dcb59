using System.Collections;
using System.Collections.Immutable;
using System.Reflection;

namespace Millrace.Serialization;

[TestClass]
public sealed class CopyTests
{
    private readonly SerializerSet _set = new();

    [TestMethod]
    public void A_copy_shares_no_object_that_can_change()
    {
        Random random = new(3);
        for (int i = 0; i < 20; i++)
        {
            AssertIndependent((Everything)RandomValues.Of(typeof(Everything), random)!);
            AssertIndependent((Order)RandomValues.Of(typeof(Order), random)!);
            AssertIndependent((Tree)RandomValues.Of(typeof(Tree), random)!);
            AssertIndependent((Branch)RandomValues.Of(typeof(Branch), random)!);
            AssertIndependent((Private)RandomValues.Of(typeof(Private), random)!);
            AssertIndependent((Dictionary<string, List<Settable>>)RandomValues.Of(
                typeof(Dictionary<string, List<Settable>>), random)!);
        }
    }

    [TestMethod]
    public void What_cannot_change_is_not_copied()
    {
        AssertShared("text");
        AssertShared(new Line("a", 1, 1m));
        AssertShared(new Node(1, new Node(2, null)));
        AssertShared(ImmutableList.Create("a"));
        AssertShared(Tuple.Create(1, "a"));
        Assert.IsTrue(_set.Get<WithText>().IsImmutable);
        Assert.IsTrue(_set.Get<ImmutableArray<Line>>().IsImmutable);
        Assert.IsFalse(_set.Get<ImmutableArray<Settable>>().IsImmutable);
        Assert.IsFalse(_set.Get<Order>().IsImmutable, "it has a dictionary");
        Assert.IsFalse(_set.Get<Settable>().IsImmutable);
        Assert.IsFalse(_set.Get<(int, int[])>().IsImmutable);
        Assert.IsFalse(_set.Get<Branch?>().IsImmutable);
    }

    [TestMethod]
    public void A_copy_keeps_comparers_of_the_programs_own()
    {
        IEqualityComparer<int> own = EqualityComparer<int>.Create((a, b) => a % 10 == b % 10, a => a % 10);
        Assert.AreSame(own, _set.Get<HashSet<int>>().Copy(new HashSet<int>(own) { 1 }).Comparer);
        Assert.AreSame(own, _set.Get<Dictionary<int, int>>().Copy(new Dictionary<int, int>(own) { [1] = 1 }).Comparer);
    }

    [TestMethod]
    public void Only_values_without_references_say_that_they_have_none()
    {
        Assert.IsFalse(_set.Get<Mixed>().HasReferences);
        Assert.IsFalse(_set.Get<(int, DateTime)?>().HasReferences);
        Assert.IsTrue(_set.Get<WithText>().HasReferences);
        Assert.IsTrue(_set.Get<string>().HasReferences);
    }

    private void AssertShared<T>(T value)
        where T : class
    {
        Assert.IsTrue(_set.Get<T>().IsImmutable, $"{typeof(T)}");
        Assert.AreSame(value, _set.Get<T>().Copy(value));
    }

    private void AssertIndependent<T>(T value)
        where T : notnull
    {
        HashSet<object> originals = new(ReferenceEqualityComparer.Instance);
        HashSet<object> copies = new(ReferenceEqualityComparer.Instance);
        Collect(value, originals);
        Collect(_set.Get<T>().Copy(value), copies);
        Assert.AreEqual(originals.Count, copies.Count, $"objects of a {typeof(T)}");
        copies.IntersectWith(originals);
        Assert.IsEmpty(copies, $"{typeof(T)} shares {copies.FirstOrDefault()?.GetType()}");
    }

    private static void Collect(object? value, HashSet<object> objects)
    {
        if (value is null or string or Uri or Line or Nothing or Tuple<int, string?> or IFormattable or IConvertible
            || IsImmutable(value.GetType()))
        {
            return;
        }

        // One empty array serves for all.
        bool counts = !value.GetType().IsValueType && value is not Array { Length: 0 };
        if (counts && !objects.Add(value))
        {
            return;
        }

        if (value is IEnumerable items)
        {
            foreach (object? item in items)
            {
                Collect(item, objects);
            }

            return;
        }

        const BindingFlags Any = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic;
        foreach (FieldInfo field in value.GetType().GetFields(Any))
        {
            if (!field.FieldType.IsPrimitive)
            {
                Collect(field.GetValue(value), objects);
            }
        }
    }

    private static bool IsImmutable(Type type) =>
        type.Namespace == typeof(ImmutableArray).Namespace || type == typeof(ReadOnlyMemory<byte>);
}
