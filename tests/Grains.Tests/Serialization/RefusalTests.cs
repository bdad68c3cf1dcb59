using System.Collections.Concurrent;
using System.Runtime.CompilerServices;

namespace Millrace.Serialization;

[TestClass]
public sealed class RefusalTests
{
    [TestMethod]
    [DataRow(typeof(object), "Object", "System.Object", "anything may stand behind object")]
    [DataRow(typeof(Shop.Order), "Order.Lines[].Product.Handler", "System.Action", "a delegate is code")]
    [DataRow(typeof(Dictionary<int, Shop.Line>), "Dictionary<Int32, Line>[value].Product.Handler", "Action", "code")]
    [DataRow(typeof(Dictionary<object, int>), "Dictionary<Object, Int32>[key]", "System.Object", "anything")]
    [DataRow(typeof((int, Func<int>)), "ValueTuple<Int32, Func<Int32>>.Item2", "System.Func", "a delegate is code")]
    [DataRow(typeof(Shop.Product?[]), "Product?[][].Handler", "System.Action", "a delegate is code")]
    [DataRow(typeof(IComparable), "IComparable", "System.IComparable", "an interface does not say")]
    [DataRow(typeof(List<Shop.Shape>), "List<Shape>[]", "Shape", "an abstract type does not say")]
    [DataRow(typeof(int[,]), "Int32[,]", "System.Int32[,]", "one dimension")]
    [DataRow(typeof(IntPtr), "IntPtr", "System.IntPtr", "framework")]
    [DataRow(typeof(ConcurrentQueue<int>), "ConcurrentQueue<Int32>", "ConcurrentQueue", "framework")]
    [DataRow(typeof(Task<int>), "Task<Int32>", "Task", "framework")]
    [DataRow(typeof(Exception), "Exception", "System.Exception", "framework")]
    [DataRow(typeof(Shop.OwnException), "OwnException", "OwnException", "derives from System.Exception")]
    [DataRow(typeof(Shop.OwnList), "OwnList", "OwnList", "derives from System.Collections.Generic.List")]
    [DataRow(typeof(Shop.WithEvent), "WithEvent.Changed", "System.EventHandler", "a delegate is code")]
    [DataRow(typeof(Shop.NoConstructor), "NoConstructor", "NoConstructor", "no constructor can make it")]
    [DataRow(typeof(Shop.Inline), "Inline", "Inline", "inline array")]
    [DataRow(typeof(Shop.Growing<int>), null, "Growing", "too deep")]
    [DataRow(typeof(Span<int>), "Span<Int32>", "Span", "pointer or reference")]
    public void An_unsupported_type_is_refused_with_the_path_to_it(Type type, string? path, string named, string reason)
    {
        UnsupportedTypeException refused = Assert.ThrowsExactly<UnsupportedTypeException>(() => TypeShape.Of(type));
        if (path is not null)
        {
            Assert.AreEqual(path, refused.Path);
        }

        StringAssert.StartsWith(refused.Message, refused.Path + ": ");
        StringAssert.Contains(refused.Message, named);
        StringAssert.Contains(refused.Message, reason);
        StringAssert.Contains(refused.Message, "register a serializer");
        Assert.AreEqual(Failures.Recovery.Fail, refused.Recovery);
    }

    [TestMethod]
    public void Pointers_and_open_types_are_refused()
    {
        Assert.ThrowsExactly<UnsupportedTypeException>(() => TypeShape.Of(typeof(int).MakePointerType()));
        Assert.ThrowsExactly<UnsupportedTypeException>(() => TypeShape.Of(typeof(int).MakeByRefType()));
        Assert.ThrowsExactly<UnsupportedTypeException>(() => TypeShape.Of(typeof(Shop.Growing<>)));
    }

    [TestMethod]
    public void A_set_refuses_what_the_graph_refuses_and_works_on()
    {
        SerializerSet set = new();
        Assert.ThrowsExactly<UnsupportedTypeException>(() => set.Get<Shop.Order>());
        Assert.ThrowsExactly<UnsupportedTypeException>(() => set.Get<Shop.Order>());
        RoundTrip.Check(new Line("a", 1, 1m), set);
    }

    [TestMethod]
    public void What_is_left_out_or_registered_is_not_looked_into()
    {
        RoundTrip.Check(new Shop.Fixed { Number = 5 });
        SerializerRegistrations registrations = new();
        registrations.Register(new ShapeSerializer());
        SerializerSet set = new(registrations);
        List<Shop.Shape> read = RoundTrip.Check<List<Shop.Shape>>([new Shop.Circle { Radius = 3 }], set);
        Assert.AreEqual(3, ((Shop.Circle)read[0]).Radius);
        Assert.ThrowsExactly<InvalidOperationException>(() => registrations.Register(new ShapeSerializer()));
    }

    [TestMethod]
    public void A_registered_serializer_takes_the_place_of_the_generated_one()
    {
        SerializerRegistrations registrations = new();
        registrations.Register(new PointAsText(2));
        SerializerSet set = new(registrations);
        RoundTrip.Check(new Point(1, -2), set);
        RoundTrip.Check(new WithText("a", new Point(1, 2), null, new Point(3, 4)), set);
        CollectionAssert.AreEqual((byte[])[4, .. "1;2"u8], RoundTrip.BytesOf(new Point(1, 2), set));
    }

    private sealed class ShapeSerializer : TypeSerializer<Shop.Shape>
    {
        public override void Write(RecordWriter writer, in Shop.Shape value) =>
            writer.WriteInt32(((Shop.Circle)value).Radius);

        public override Shop.Shape Read(ref RecordReader reader) => new Shop.Circle { Radius = reader.ReadInt32() };
    }

#pragma warning disable CA1815, CA1034, CS0067, IDE0051, IDE0052, CA1823, CA1065, RCS1213
    private static class Shop
    {
        public sealed record Order(List<Line> Lines);

        public sealed record Line(Product Product);

        public struct Product
        {
            public Action? Handler { get; set; }
        }

        public abstract class Shape;

        public sealed class Circle : Shape
        {
            public int Radius { get; set; }
        }

        public sealed class OwnException : Exception;

        public sealed class OwnList : List<int>;

        public sealed class WithEvent
        {
            public event EventHandler? Changed;
        }

        public sealed class Fixed
        {
            [MillraceIgnore]
            private readonly object _lock = new();

            [MillraceIgnore]
            public event EventHandler? Changed;

            public int Number { get; set; }
        }

        public sealed class NoConstructor(string text)
        {
            public int Length { get; } = text.Length;
        }

        [InlineArray(4)]
        public struct Inline
        {
            private int _first;
        }

        public sealed class Growing<T>
        {
            public T? Value { get; set; }

            public Growing<Growing<T>>? Next { get; set; }
        }
    }
}
