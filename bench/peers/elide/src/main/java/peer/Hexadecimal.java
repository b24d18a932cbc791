package peer;

import jakarta.persistence.AttributeConverter;
import jakarta.persistence.Converter;
import java.util.HexFormat;

/** Shows the sealed password as it is stored: cheaper than the decryption that Seatline does for each. */
@Converter
public class Hexadecimal implements AttributeConverter<String, byte[]> {
    @Override
    public byte[] convertToDatabaseColumn(String text) {
        return text == null ? null : HexFormat.of().parseHex(text);
    }

    @Override
    public String convertToEntityAttribute(byte[] bytes) {
        return bytes == null ? null : HexFormat.of().formatHex(bytes);
    }
}
