"""What a person is told when no page can be given. Stands alone: nothing in it can fail."""

RETRY_AFTER = "5"

_PAGE = (
    '<!doctype html><html lang="vi"><meta charset="utf-8">'
    '<meta name="viewport" content="width=device-width"><title>{0}</title><h1>{0}</h1>'
    '<p>{1}</p><p lang="en">{2}</p>'
)
UNAVAILABLE = _PAGE.format(
    "Tạm thời gián đoạn",
    "Trang này chưa mở được. Xin bạn đọc thử lại sau ít phút.",
    "This page is not available right now. Please try again in a few minutes.",
).encode()
# Nobody can say whether it had been carried out before the silence.
NOT_SAVED = _PAGE.format(
    "Tạm thời gián đoạn",
    "Nội dung bạn vừa gửi có thể chưa được lưu. Xin bạn quay lại xem, và gửi lại sau ít phút.",
    "What you sent may not have been saved. Please go back and look, and try again later.",
).encode()
NOT_UNDERSTOOD = _PAGE.format(
    "Yêu cầu không hợp lệ",
    "Máy chủ không hiểu yêu cầu này.",
    "The server does not understand this request.",
).encode()
