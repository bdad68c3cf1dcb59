using Millrace.Functions;
using Millrace.Serialization;

namespace Millrace.Operators;

/// <summary>Copies each record, for programs that change records after emitting them.</summary>
internal readonly struct CopyFunction<T>(TypeSerializer<T> serializer) : IMapFunction<T, T>
{
    public T Map(T value) => serializer.Copy(value);
}
