namespace Millrace.Serialization;

public ref partial struct RecordReader
{
    /// <summary>Reads a truth value as one byte, 0 or 1.</summary>
    public bool ReadBoolean() => FixedCodec.ReadBoolean(in Take(FixedCodec.BooleanBytes));

    /// <summary>Reads one byte.</summary>
    public byte ReadByte() => FixedCodec.ReadByte(in Take(FixedCodec.ByteBytes));

    /// <summary>Reads one byte.</summary>
    public sbyte ReadSByte() => FixedCodec.ReadSByte(in Take(FixedCodec.SByteBytes));

    /// <summary>Reads 2 bytes.</summary>
    public short ReadInt16() => FixedCodec.ReadInt16(in Take(FixedCodec.Int16Bytes));

    /// <summary>Reads 2 bytes.</summary>
    public ushort ReadUInt16() => FixedCodec.ReadUInt16(in Take(FixedCodec.UInt16Bytes));

    /// <summary>Reads a UTF-16 code unit, 2 bytes.</summary>
    public char ReadChar() => FixedCodec.ReadChar(in Take(FixedCodec.CharBytes));

    /// <summary>Reads 4 bytes.</summary>
    public int ReadInt32() => FixedCodec.ReadInt32(in Take(FixedCodec.Int32Bytes));

    /// <summary>Reads 4 bytes.</summary>
    public uint ReadUInt32() => FixedCodec.ReadUInt32(in Take(FixedCodec.UInt32Bytes));

    /// <summary>Reads 8 bytes.</summary>
    public long ReadInt64() => FixedCodec.ReadInt64(in Take(FixedCodec.Int64Bytes));

    /// <summary>Reads 8 bytes.</summary>
    public ulong ReadUInt64() => FixedCodec.ReadUInt64(in Take(FixedCodec.UInt64Bytes));

    /// <summary>Reads 16 bytes.</summary>
    public Int128 ReadInt128() => FixedCodec.ReadInt128(in Take(FixedCodec.Int128Bytes));

    /// <summary>Reads 16 bytes.</summary>
    public UInt128 ReadUInt128() => FixedCodec.ReadUInt128(in Take(FixedCodec.UInt128Bytes));

    /// <summary>Reads 2 bytes.</summary>
    public Half ReadHalf() => FixedCodec.ReadHalf(in Take(FixedCodec.HalfBytes));

    /// <summary>Reads 4 bytes.</summary>
    public float ReadSingle() => FixedCodec.ReadSingle(in Take(FixedCodec.SingleBytes));

    /// <summary>Reads 8 bytes.</summary>
    public double ReadDouble() => FixedCodec.ReadDouble(in Take(FixedCodec.DoubleBytes));

    /// <summary>Reads 16 bytes.</summary>
    public Guid ReadGuid() => FixedCodec.ReadGuid(in Take(FixedCodec.GuidBytes));

    /// <summary>Reads 16 bytes: low, middle, high, flags.</summary>
    public decimal ReadDecimal() => FixedCodec.ReadDecimal(in Take(FixedCodec.DecimalBytes));

    /// <summary>Reads 8 bytes: ticks.</summary>
    public TimeSpan ReadTimeSpan() => FixedCodec.ReadTimeSpan(in Take(FixedCodec.TimeSpanBytes));

    /// <summary>Reads 8 bytes: ticks, with the kind in the two highest bits.</summary>
    public DateTime ReadDateTime() => FixedCodec.ReadDateTime(in Take(FixedCodec.DateTimeBytes));

    /// <summary>Reads 10 bytes: local ticks, then the offset in minutes.</summary>
    public DateTimeOffset ReadDateTimeOffset() =>
        FixedCodec.ReadDateTimeOffset(in Take(FixedCodec.DateTimeOffsetBytes));

    /// <summary>Reads 4 bytes: the day's number.</summary>
    public DateOnly ReadDateOnly() => FixedCodec.ReadDateOnly(in Take(FixedCodec.DateOnlyBytes));

    /// <summary>Reads 8 bytes: ticks.</summary>
    public TimeOnly ReadTimeOnly() => FixedCodec.ReadTimeOnly(in Take(FixedCodec.TimeOnlyBytes));

    /// <summary>Reads a number of 1 to 5 bytes.</summary>
    public uint ReadVarUInt32()
    {
        ulong value = ReadVarUInt64();
        if (value > uint.MaxValue)
        {
            ThrowCorrupted($"a number of 32 bits expected, found {value}");
        }

        return (uint)value;
    }

    /// <summary>Reads a number of 1 to 10 bytes.</summary>
    public ulong ReadVarUInt64()
    {
        int consumed = VarInt.Read(_bytes[_position..], out ulong value);
        if (consumed <= 0)
        {
            ThrowCorrupted(consumed == 0 ? "a number is cut off" : "a number of more than 64 bits");
        }

        _position += consumed;
        return value;
    }

    /// <summary>Reads a number of 1 to 5 bytes that may be negative.</summary>
    public int ReadVarInt32()
    {
        uint value = ReadVarUInt32();
        return (int)(value >> 1) ^ -(int)(value & 1);
    }

    /// <summary>Reads a number of 1 to 10 bytes that may be negative.</summary>
    public long ReadVarInt64()
    {
        ulong value = ReadVarUInt64();
        return (long)(value >> 1) ^ -(long)(value & 1);
    }

    /// <summary>Reads how many elements follow.</summary>
    /// <param name="minBytes">Fewest bytes an element takes, at least 1: more elements than fit the rest are refused
    /// before anything is allocated for them.</param>
    public int ReadCount(int minBytes)
    {
        ulong count = ReadVarUInt64();
        if (count > (ulong)(Remaining / Math.Max(minBytes, 1)))
        {
            ThrowCorrupted($"{count} elements of at least {minBytes} bytes announced, {Remaining} bytes left");
        }

        return (int)count;
    }

    /// <summary>Reads a number of bytes and the bytes, which stay where they are.</summary>
    public ReadOnlySpan<byte> ReadBytes() => ReadRaw(ReadCount(1));
}
