namespace Millrace.Serialization;

public sealed partial class RecordWriter
{
    /// <summary>Appends a truth value as one byte, 0 or 1.</summary>
    public void WriteBoolean(bool value) => FixedCodec.WriteBoolean(ref Advance(FixedCodec.BooleanBytes), value);

    /// <summary>Appends one byte.</summary>
    public void WriteByte(byte value) => FixedCodec.WriteByte(ref Advance(FixedCodec.ByteBytes), value);

    /// <summary>Appends one byte.</summary>
    public void WriteSByte(sbyte value) => FixedCodec.WriteSByte(ref Advance(FixedCodec.SByteBytes), value);

    /// <summary>Appends 2 bytes.</summary>
    public void WriteInt16(short value) => FixedCodec.WriteInt16(ref Advance(FixedCodec.Int16Bytes), value);

    /// <summary>Appends 2 bytes.</summary>
    public void WriteUInt16(ushort value) => FixedCodec.WriteUInt16(ref Advance(FixedCodec.UInt16Bytes), value);

    /// <summary>Appends a UTF-16 code unit, 2 bytes.</summary>
    public void WriteChar(char value) => FixedCodec.WriteChar(ref Advance(FixedCodec.CharBytes), value);

    /// <summary>Appends 4 bytes.</summary>
    public void WriteInt32(int value) => FixedCodec.WriteInt32(ref Advance(FixedCodec.Int32Bytes), value);

    /// <summary>Appends 4 bytes.</summary>
    public void WriteUInt32(uint value) => FixedCodec.WriteUInt32(ref Advance(FixedCodec.UInt32Bytes), value);

    /// <summary>Appends 8 bytes.</summary>
    public void WriteInt64(long value) => FixedCodec.WriteInt64(ref Advance(FixedCodec.Int64Bytes), value);

    /// <summary>Appends 8 bytes.</summary>
    public void WriteUInt64(ulong value) => FixedCodec.WriteUInt64(ref Advance(FixedCodec.UInt64Bytes), value);

    /// <summary>Appends 16 bytes.</summary>
    public void WriteInt128(Int128 value) => FixedCodec.WriteInt128(ref Advance(FixedCodec.Int128Bytes), value);

    /// <summary>Appends 16 bytes.</summary>
    public void WriteUInt128(UInt128 value) => FixedCodec.WriteUInt128(ref Advance(FixedCodec.UInt128Bytes), value);

    /// <summary>Appends 2 bytes.</summary>
    public void WriteHalf(Half value) => FixedCodec.WriteHalf(ref Advance(FixedCodec.HalfBytes), value);

    /// <summary>Appends 4 bytes.</summary>
    public void WriteSingle(float value) => FixedCodec.WriteSingle(ref Advance(FixedCodec.SingleBytes), value);

    /// <summary>Appends 8 bytes.</summary>
    public void WriteDouble(double value) => FixedCodec.WriteDouble(ref Advance(FixedCodec.DoubleBytes), value);

    /// <summary>Appends 16 bytes.</summary>
    public void WriteGuid(Guid value) => FixedCodec.WriteGuid(ref Advance(FixedCodec.GuidBytes), value);

    /// <summary>Appends 16 bytes: low, middle, high, flags.</summary>
    public void WriteDecimal(decimal value) => FixedCodec.WriteDecimal(ref Advance(FixedCodec.DecimalBytes), value);

    /// <summary>Appends 8 bytes: ticks.</summary>
    public void WriteTimeSpan(TimeSpan value) => FixedCodec.WriteTimeSpan(ref Advance(FixedCodec.TimeSpanBytes), value);

    /// <summary>Appends 8 bytes: ticks, with the kind in the two highest bits.</summary>
    public void WriteDateTime(DateTime value) => FixedCodec.WriteDateTime(ref Advance(FixedCodec.DateTimeBytes), value);

    /// <summary>Appends 10 bytes: local ticks, then the offset in minutes.</summary>
    public void WriteDateTimeOffset(DateTimeOffset value) =>
        FixedCodec.WriteDateTimeOffset(ref Advance(FixedCodec.DateTimeOffsetBytes), value);

    /// <summary>Appends 4 bytes: the day's number.</summary>
    public void WriteDateOnly(DateOnly value) => FixedCodec.WriteDateOnly(ref Advance(FixedCodec.DateOnlyBytes), value);

    /// <summary>Appends 8 bytes: ticks.</summary>
    public void WriteTimeOnly(TimeOnly value) => FixedCodec.WriteTimeOnly(ref Advance(FixedCodec.TimeOnlyBytes), value);

    /// <summary>Appends a number in 1 to 5 bytes, small ones in fewer: seven bits a byte, low bits first.</summary>
    public void WriteVarUInt32(uint value)
    {
        if (value < 0x80)
        {
            Advance(1) = (byte)value;
            return;
        }

        WriteVarUInt64(value);
    }

    /// <summary>Appends a number in 1 to 10 bytes, small ones in fewer: seven bits a byte, low bits first.</summary>
    public void WriteVarUInt64(ulong value)
    {
        Ensure(VarInt.MaxBytes64);
        _position += VarInt.Write(ref Advance(0), value);
    }

    /// <summary>Appends a number in 1 to 5 bytes, those near zero in fewer.</summary>
    public void WriteVarInt32(int value) => WriteVarUInt32((uint)((value << 1) ^ (value >> 31)));

    /// <summary>Appends a number in 1 to 10 bytes, those near zero in fewer.</summary>
    public void WriteVarInt64(long value) => WriteVarUInt64((ulong)((value << 1) ^ (value >> 63)));

    /// <summary>Appends how many elements follow.</summary>
    public void WriteCount(int count) => WriteVarUInt32((uint)count);

    /// <summary>Appends the number of bytes, then the bytes.</summary>
    public void WriteBytes(ReadOnlySpan<byte> bytes)
    {
        WriteCount(bytes.Length);
        WriteRaw(bytes);
    }
}
